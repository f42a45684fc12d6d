using System.Globalization;

namespace K8sConsul.Storage;

/// <summary>One file of the log.</summary>
internal sealed class WalSegment(IStorageFile file, ulong sequence, ulong firstFrame, ulong salt, long size) : IDisposable
{
    private const string Suffix = ".wal";

    public IStorageFile File => file;

    public ulong Sequence => sequence;

    /// <summary>Number of its first frame, one above the last of the segment before.</summary>
    public ulong FirstFrame => firstFrame;

    public ulong Salt => salt;

    /// <summary>Of the file, all of it written when it was made.</summary>
    public long Size => size;

    /// <summary>Where the next frame goes; zeros from here on.</summary>
    public long End { get; set; } = WalFormat.HeaderBytes;

    public static string NameOf(ulong sequence) => string.Create(CultureInfo.InvariantCulture, $"{sequence:D20}{Suffix}");

    public static bool TryParseName(string name, out ulong sequence)
    {
        sequence = 0;
        return name.Length == 20 + Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    public void Dispose() => file.Dispose();
}
