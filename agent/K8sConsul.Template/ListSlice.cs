using System.Collections;

namespace K8sConsul.Template;

/// <summary>A part of a list, without a copy.</summary>
internal sealed class ListSlice(Value list, int start, int end) : ITemplateList
{
    public GoType Type => list.Type!;

    public int Count => end - start;

    public object? this[int index] => list.ItemAt(start + index).Data;

    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator()
    {
        return GetEnumerator();
    }
}
