using System.Collections;

namespace K8sConsul.Template;

/// <summary>A list of any .NET type read as one of objects.</summary>
internal sealed class ListItems(Shape shape, object data) : IReadOnlyList<object?>
{
    public int Count => shape.Count(data);

    public object? this[int index] => shape.ItemAt(data, index);

    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
