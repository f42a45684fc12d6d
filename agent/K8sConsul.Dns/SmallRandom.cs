namespace K8sConsul.Dns;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a small seeded generator whose sequence is ours to promise. For orders of records, not for
/// anything that must be unguessable.
/// </summary>
public struct SmallRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number of 0 to <paramref name="end"/> - 1, each as likely as the others but for one part in 2^32.</summary>
    public int Next(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);
}
