namespace K8sConsul.Storage;

public sealed record WriteAheadLogOptions
{
    /// <summary>Size of a segment file, made in full when it is created. Default 64 MiB, at least 64 KiB. Higher: fewer files, space given back later.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most bytes of writes joined into one flush. Default 8 MiB. Higher: better throughput of large values, longer worst case of one flush.</summary>
    public int GroupBytesMax { get; init; } = 8 * 1024 * 1024;
}
