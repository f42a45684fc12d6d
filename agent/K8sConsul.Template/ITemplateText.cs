namespace K8sConsul.Template;

/// <summary>A value that prints itself, as one with Go's <c>String</c> or <c>Error</c> method does.</summary>
/// <remarks>By <c>%v %s %q %x %X</c>, and by <c>print</c>.</remarks>
public interface ITemplateText
{
    /// <summary>As <c>%T</c> and error texts call it: <c>time.Duration</c>, over the type of <see cref="Value"/> if there is one.</summary>
    GoType Type { get; }

    /// <summary>The number that it is by other verbs and in comparisons. Null: none, as of a structure.</summary>
    object? Value => null;

    string ToTemplateText();
}
