namespace K8sConsul.Template;

/// <summary>A map whose Go type the host describes. It may be an <see cref="ITemplateMethods"/> too.</summary>
public interface ITemplateMap
{
    /// <summary>A <see cref="GoType.MapOf"/>, or a <see cref="GoType.Named"/> one. Absent entries read as its element's zero.</summary>
    GoType Type { get; }

    int Count { get; }

    /// <summary>In any order: templates sort by key.</summary>
    IEnumerable<KeyValuePair<object, object?>> Entries { get; }

    bool TryGet(object key, out object? value);
}
