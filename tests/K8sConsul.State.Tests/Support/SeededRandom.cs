namespace K8sConsul.State.Tests.Support;

/// <summary>SplitMix64: a seed printed by a failing test replays after any upgrade of the SDK.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextULong()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to but not including <paramref name="limit"/>.</summary>
    public int Next(int limit) => (int)(NextULong() % (ulong)limit);

    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    public T PickFrom<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)NextULong();
        }

        return bytes;
    }
}
