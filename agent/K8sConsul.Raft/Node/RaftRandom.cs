namespace K8sConsul.Raft;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): one stream per peer. Its sequence is ours for ever, so a seed replays
/// after any upgrade of the SDK.
/// </summary>
public sealed class RaftRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15UL;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, <paramref name="bound"/>); bound above 0. The high half of a product has no modulo bias worth counting here.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }
}
