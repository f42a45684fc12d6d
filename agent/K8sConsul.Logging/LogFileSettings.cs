namespace K8sConsul.Logging;

/// <summary>Where a <see cref="RotatingLogFile"/> writes, and when it begins another file.</summary>
/// <param name="Path">A directory with a final slash, or a path with the name's first part.</param>
/// <param name="DefaultName">The name in a directory.</param>
public sealed record LogFileSettings(string Path, string DefaultName)
{
    /// <summary>0 is no limit.</summary>
    public long RotateBytes { get; init; }

    /// <summary>The age at which a file is followed by another. Zero: 24 hours.</summary>
    public TimeSpan RotateDuration { get; init; }

    /// <summary>0 keeps all, -1 keeps none but the current.</summary>
    public int RotateMaxFiles { get; init; }
}
