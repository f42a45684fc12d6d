namespace K8sConsul.Histories;

/// <summary>
/// The configurations from which no order was found: what has been placed, and the state that this left. Of two that differ only in
/// what need not be placed, the one that has used less can do all that the other can; so the other is not looked at.
/// </summary>
internal sealed class Visited(int operations)
{
    private readonly Dictionary<(ulong High, ulong Low, KeyState State), List<(ulong Least, ulong[] Used)>> _seen = [];
    private readonly (ulong High, ulong Low)[] _keys = [.. Enumerable.Range(0, operations).Select(i => (Mix(2 * (ulong)i), Mix((2 * (ulong)i) + 1)))];

    public long Count { get; private set; }

    /// <summary>What identifies a set of operations is the exclusive or of their keys: 128 bits, where chance does not bring two together.</summary>
    public (ulong High, ulong Low) Toggle((ulong High, ulong Low) set, int operation) =>
        (set.High ^ _keys[operation].High, set.Low ^ _keys[operation].Low);

    /// <returns>False if it, or one that can do as much, was there before.</returns>
    public bool Add((ulong High, ulong Low) placed, KeyState state, ulong[] used)
    {
        (ulong, ulong, KeyState) key = (placed.High, placed.Low, state.WithoutLeastIndex());
        if (!_seen.TryGetValue(key, out List<(ulong Least, ulong[] Used)>? before))
        {
            _seen[key] = before = new List<(ulong Least, ulong[] Used)>(1);
        }

        foreach ((ulong least, ulong[] usedBefore) in before)
        {
            if (least <= state.LeastIndex && IsSubset(usedBefore, used))
            {
                return false;
            }
        }

        before.Add((state.LeastIndex, (ulong[])used.Clone()));
        Count++;
        return true;
    }

    private static bool IsSubset(ulong[] small, ulong[] large)
    {
        for (int i = 0; i < small.Length; i++)
        {
            if ((small[i] & ~large[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>SplitMix64.</summary>
    private static ulong Mix(ulong seed)
    {
        ulong z = unchecked((seed + 1) * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
