namespace K8sConsul.Gossip.Wire;

/// <summary>The most that any peer may ask us to read, hold or make. Compared before anything is allocated.</summary>
internal static class WireLimits
{
    /// <summary>A UDP datagram cannot be longer.</summary>
    public const int PacketBytesMax = 65_536;

    /// <summary>A packet inflates to no more than an uncompressed one could have carried.</summary>
    public const int PacketInflatedBytesMax = 65_536;

    /// <summary>Compound and compress may contain each other. Real senders nest two deep.</summary>
    public const int PacketNestingMax = 4;

    /// <summary>memberlist's <c>maxPushStateBytes</c>: one encrypted or compressed frame, or the user state.</summary>
    public const int StreamFrameBytesMax = 20 * 1024 * 1024;

    /// <summary>memberlist's <c>maxDecompressedSize</c>.</summary>
    public const int StreamInflatedBytesMax = 40 * 1024 * 1024;

    /// <summary>memberlist's <c>maxPushPullNodes</c>.</summary>
    public const int PushPullNodeCountMax = 1_048_576;

    /// <summary>memberlist answers no 128th exchange at a time.</summary>
    public const int PushPullConcurrentMax = 127;

    /// <summary>Names are DNS labels in Consul; this leaves room for WAN names and for strangers' taste.</summary>
    public const int NameBytesMax = 1_024;

    /// <summary>The version vector: pmin, pmax, pcur, dmin, dmax, dcur.</summary>
    public const int VersionBytes = 6;

    /// <summary>A compound's count is one byte.</summary>
    public const int CompoundPartCountMax = 255;

    /// <summary>Names and addresses of one query's filters; the query itself is at most 1 KiB from an honest sender.</summary>
    public const int QueryFilterCountMax = 1_024;

    /// <summary>Slots of the ring of events that a push/pull carries; ours has 512.</summary>
    public const int EventSlotCountMax = 65_536;
}
