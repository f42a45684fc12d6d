namespace K8sConsul.Storage;

/// <summary>The unfinished write that a crash left at the end of the log, and that was cut. It was never acknowledged.</summary>
/// <param name="File">The log's last segment.</param>
/// <param name="Offset">Where the last whole frame ends, in bytes.</param>
/// <param name="Bytes">From there to the last byte that was written; above 0.</param>
public readonly record struct TornTail(string File, long Offset, long Bytes);
