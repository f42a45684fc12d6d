using System.Buffers.Binary;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>The numbers are on disk.</summary>
internal enum WalRecordType : byte
{
    /// <summary>Head of a frame: number, bytes and count of the records that follow.</summary>
    Frame = 1,

    /// <summary>A <see cref="Raft.HardState"/>.</summary>
    HardState = 2,

    /// <summary>A <see cref="RaftEntry"/>; an index inside of the log replaces the suffix from there on.</summary>
    Entry = 3,

    /// <summary>Entries up to this id are dropped (compaction).</summary>
    Start = 4,

    /// <summary>The log is emptied and starts after this id (an installed snapshot).</summary>
    Reset = 5,

    /// <summary>First in each segment: where the log began and ended when the segment did.</summary>
    Position = 6,

    /// <summary>The log was closed in good order: the frame before this one cannot have been torn by a crash.</summary>
    Closed = 7,
}

/// <summary>
/// The layout of a segment file: a header, then frames, then zeros.
/// <code>
/// header  magic 8 | sequence 8 | first frame 8 | salt 8 | size 8 | crc 4 | zeros to 64
/// record  length 4 | crc 4 | type 1 | payload length-1 | zeros to a multiple of 8
/// frame   a Frame record, then its records
/// </code>
/// A frame is one write and one flush, and valid as a whole or not at all; at most one frame can be on the way to the disk, so only the last frame can be
/// torn. A record's CRC also covers the segment's random salt and its own offset, so that no data written by a client can pass for a record.
/// </summary>
internal static class WalFormat
{
    public const int HeaderBytes = 64;
    public const int RecordHeadBytes = 9;
    public const int Alignment = 8;
    public const int FrameBytes = 32;

    /// <summary>Largest length field: an entry with its numbers.</summary>
    public const int RecordLengthMax = RaftLimits.EntryBytesMax + 64;

    public static ReadOnlySpan<byte> Magic => "K8SCWAL1"u8;

    public static int RecordBytes(int payloadBytes) => (RecordHeadBytes + payloadBytes + Alignment - 1) & ~(Alignment - 1);

    public static uint Seed(ulong salt, long offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], offset);
        return Crc32C.Append(0, bytes);
    }

    public static void WriteHeader(Span<byte> into, ulong sequence, ulong firstFrame, ulong salt, long size)
    {
        into[..HeaderBytes].Clear();
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], firstFrame);
        BinaryPrimitives.WriteUInt64LittleEndian(into[24..], salt);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(into[40..], Crc32C.Append(0, into[..40]));
    }

    /// <summary>Reads what <see cref="WriteHeader"/> wrote.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadHeader(ReadOnlySpan<byte> from, out ulong sequence, out ulong firstFrame, out ulong salt, out long size)
    {
        sequence = firstFrame = salt = 0;
        size = 0;
        if (from.Length < HeaderBytes || !from.StartsWith(Magic))
        {
            return "not a log segment of this format";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(from[40..]) != Crc32C.Append(0, from[..40]))
        {
            return "the segment's header does not match its checksum";
        }

        sequence = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]);
        firstFrame = BinaryPrimitives.ReadUInt64LittleEndian(from[16..]);
        salt = BinaryPrimitives.ReadUInt64LittleEndian(from[24..]);
        size = BinaryPrimitives.ReadInt64LittleEndian(from[32..]);
        return null;
    }

    /// <summary>Reads the record at the beginning of <paramref name="from"/>, which lies at <paramref name="offset"/> of its segment.</summary>
    /// <returns>False when there is none, or only a damaged one.</returns>
    public static bool TryReadRecord(ReadOnlySpan<byte> from, ulong salt, long offset, out WalRecordType type, out ReadOnlySpan<byte> payload, out int bytes)
    {
        type = default;
        payload = default;
        bytes = 0;
        if (from.Length < RecordHeadBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(from);
        if (length is 0 or > RecordLengthMax || length > from.Length - 8)
        {
            return false;
        }

        ReadOnlySpan<byte> covered = from.Slice(8, (int)length);
        uint crc = Crc32C.Append(Crc32C.Append(Seed(salt, offset), from[..4]), covered);
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(from[4..]))
        {
            return false;
        }

        type = (WalRecordType)covered[0];
        payload = covered[1..];
        bytes = RecordBytes(payload.Length);
        return bytes <= from.Length && from[(8 + (int)length)..bytes].IndexOfAnyExcept((byte)0) < 0;
    }

    /// <summary>Completes a record whose payload has been written at <paramref name="into"/>[9..].</summary>
    public static void SealRecord(Span<byte> into, ulong salt, long offset, WalRecordType type, int payloadBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, (uint)(payloadBytes + 1));
        into[8] = (byte)type;
        into[(RecordHeadBytes + payloadBytes)..RecordBytes(payloadBytes)].Clear();
        uint crc = Crc32C.Append(Crc32C.Append(Seed(salt, offset), into[..4]), into.Slice(8, payloadBytes + 1));
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], crc);
    }
}
