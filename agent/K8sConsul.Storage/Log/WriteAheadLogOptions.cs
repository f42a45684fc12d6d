using K8sConsul.Raft;

namespace K8sConsul.Storage;

public sealed record WriteAheadLogOptions
{
    /// <summary>Smallest segment: its header and first frame, and room for something.</summary>
    private const int SegmentBytesMin = 4096;

    /// <summary>
    /// Size of a segment file, made in full when it is created; one frame larger than this makes a larger one. Default 32 MiB, 4 KiB..1 GiB.
    /// Higher: fewer files, space given back later.
    /// </summary>
    public int SegmentBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Bytes of writes joined into one flush. Default 8 MiB, at most <see cref="RaftLimits.EntryBytesMax"/>. Higher: better throughput of large values,
    /// longer worst case of one flush.
    /// </summary>
    public int GroupBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Segments' salts; random when null. Only simulations set it, to be repeatable.</summary>
    internal Func<ulong>? NewSalt { get; init; }

    /// <summary>Whether the next segment is made before it is needed. Simulations that count writes switch it off, since its pace depends on threads.</summary>
    internal bool PreparesAhead { get; init; } = true;

    /// <summary>Whether a thread flushes what waits. Simulations switch it off and say themselves when, so that a seed replays.</summary>
    internal bool FlushesItself { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, SegmentBytesMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SegmentBytes, 1024 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(GroupBytesMax, RaftLimits.EntryBytesMax);
    }
}
