namespace K8sConsul.Template;

/// <summary>A map with a Go type of its own, such as one from text to the host's structures.</summary>
/// <param name="type">A map with keys of kind string.</param>
/// <param name="entries">Read, never changed.</param>
public sealed class TemplateMap(GoType type, IReadOnlyDictionary<string, object?> entries) : ITemplateMap
{
    public GoType Type { get; } = type;

    public int Count => entries.Count;

    public IEnumerable<KeyValuePair<object, object?>> Entries
        => entries.Select(entry => KeyValuePair.Create<object, object?>(entry.Key, entry.Value));

    public bool TryGet(object key, out object? value)
    {
        value = null;
        return key is string name && entries.TryGetValue(name, out value);
    }
}
