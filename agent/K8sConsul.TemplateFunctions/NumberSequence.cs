using System.Collections;

namespace K8sConsul.Template.Functions;

/// <summary>Numbers at equal distances, which take no memory until they are looked at.</summary>
internal sealed class NumberSequence : ITemplateList
{
    private readonly long _start;
    private readonly long _step;
    private readonly Func<long, object> _box;

    private NumberSequence(GoType element, long start, long step, int count, Func<long, object> box)
    {
        Type = GoType.SliceOf(element);
        _start = start;
        _step = step;
        _box = box;
        Count = count;
    }

    public GoType Type { get; }

    public int Count { get; }

    public object? this[int index] => _box(_start + (index * _step));

    /// <summary>As Go's int.</summary>
    public static NumberSequence OfInt(TemplateCall call, long start, long end, long step)
    {
        return new NumberSequence(GoType.Int, start, step, CountOf(call, start, end, step), number => (nint)number);
    }

    /// <summary>As Go's int64.</summary>
    public static NumberSequence OfInt64(TemplateCall call, long start, long end)
    {
        return new NumberSequence(GoType.Int64, start, step: 1, CountOf(call, start, end, step: 1), number => number);
    }

    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How many there are from start until before end, counted as steps of the execution.</summary>
    private static int CountOf(TemplateCall call, long start, long end, long step)
    {
        if (step == 0 || (step > 0 ? end <= start : end >= start))
        {
            return 0;
        }

        Int128 distance = Int128.Abs((Int128)end - start);
        Int128 width = Int128.Abs((Int128)step);
        Int128 count = (distance + width - 1) / width;
        int bounded = (int)Int128.Min(count, int.MaxValue);
        call.CountSteps(bounded);
        return bounded;
    }
}
