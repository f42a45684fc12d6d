using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// A snapshot file: the state machine's data, then its meta, then a trailer. The meta comes last since size and checksum are known last.
/// <code>
/// meta     term 8 | index 8 | configuration index 8 | size 8 | crc of data 4 | configuration
/// trailer  length of meta 4 | crc of meta 4 | magic 8
/// </code>
/// </summary>
internal static class SnapshotFormat
{
    public const int TrailerBytes = 16;
    public const string Suffix = ".snap";
    private const int MetaHeadBytes = 36;
    private const int MetaBytesMax = MetaHeadBytes + RaftLimits.ConfigurationBytesMax;

    private static ReadOnlySpan<byte> Magic => "K8SCSNP1"u8;

    /// <summary>Names sort by age.</summary>
    public static string NameOf(EntryId last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.Index.Value:D20}-{last.Term.Value:D20}{Suffix}");

    public static byte[] EncodeFooter(SnapshotMeta meta)
    {
        byte[] configuration = meta.Configuration.Encode();
        byte[] footer = new byte[MetaHeadBytes + configuration.Length + TrailerBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(footer, meta.Last.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(8), meta.Last.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(16), meta.ConfigurationIndex.Value);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(24), meta.SizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(footer.AsSpan(32), meta.Crc32C);
        configuration.CopyTo(footer, MetaHeadBytes);
        Span<byte> trailer = footer.AsSpan(MetaHeadBytes + configuration.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, (uint)(footer.Length - TrailerBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], Crc32C.Append(0, footer.AsSpan(0, footer.Length - TrailerBytes)));
        Magic.CopyTo(trailer[8..]);
        return footer;
    }

    /// <summary>Reads the meta at the end of a file.</summary>
    /// <param name="file">A snapshot, or the meta alone.</param>
    /// <param name="meta">Set on success.</param>
    /// <param name="dataBytes">What lies before the meta.</param>
    public static bool TryReadFooter(IStorageFile file, [NotNullWhen(true)] out SnapshotMeta? meta, out long dataBytes)
    {
        meta = null;
        dataBytes = 0;
        long length = file.Length;
        byte[] trailer = new byte[TrailerBytes];
        if (length < TrailerBytes || file.Read(length - TrailerBytes, trailer) < TrailerBytes || !trailer.AsSpan(8).SequenceEqual(Magic))
        {
            return false;
        }

        uint metaBytes = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (metaBytes is < MetaHeadBytes or > MetaBytesMax || metaBytes > length - TrailerBytes)
        {
            return false;
        }

        byte[] bytes = new byte[metaBytes];
        dataBytes = length - TrailerBytes - metaBytes;
        if (file.Read(dataBytes, bytes) < bytes.Length
            || Crc32C.Append(0, bytes) != BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(4))
            || !RaftConfiguration.TryDecode(bytes.AsMemory(MetaHeadBytes), out RaftConfiguration? configuration, out _))
        {
            return false;
        }

        EntryId last = new(new Term(BinaryPrimitives.ReadUInt64LittleEndian(bytes)), new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8))));
        meta = new SnapshotMeta(
            last,
            configuration,
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16))),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(24)),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(32)));
        return true;
    }

    /// <summary>Of the first <paramref name="length"/> bytes.</summary>
    public static uint Sum(IStorageFile file, long length)
    {
        byte[] buffer = new byte[64 * 1024];
        uint crc = 0;
        for (long offset = 0; offset < length;)
        {
            int read = file.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset)));
            if (read == 0)
            {
                throw new StorageDamagedException(file.Path, offset, "the file ends too early");
            }

            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            offset += read;
        }

        return crc;
    }
}
