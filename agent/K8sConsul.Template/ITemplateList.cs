namespace K8sConsul.Template;

/// <summary>A list whose Go type the host describes. It may be an <see cref="ITemplateMethods"/> too.</summary>
public interface ITemplateList : IReadOnlyList<object?>
{
    /// <summary>A <see cref="GoType.SliceOf"/>, or a <see cref="GoType.Named"/> one.</summary>
    GoType Type { get; }
}
