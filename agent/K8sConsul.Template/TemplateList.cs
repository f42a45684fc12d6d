using System.Collections;

namespace K8sConsul.Template;

/// <summary>A list with a Go type of its own, such as a list of the host's structures.</summary>
public sealed class TemplateList(GoType type, IReadOnlyList<object?> items) : ITemplateList
{
    public GoType Type { get; } = type;

    public int Count => items.Count;

    public object? this[int index] => items[index];

    public IEnumerator<object?> GetEnumerator()
    {
        return items.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator()
    {
        return GetEnumerator();
    }
}
