using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>Reads payloads. A payload whose checksum holds but whose content does not is damage all the same (or a newer program's).</summary>
internal static class WalRecord
{
    public const int EntryHeadBytes = 17;

    public static bool TryReadFrame(ReadOnlySpan<byte> payload, out ulong number, out long bodyBytes, out uint count)
    {
        if (payload.Length != 20)
        {
            number = 0;
            bodyBytes = 0;
            count = 0;
            return false;
        }

        number = BinaryPrimitives.ReadUInt64LittleEndian(payload);
        bodyBytes = BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
        count = BinaryPrimitives.ReadUInt32LittleEndian(payload[16..]);
        return bodyBytes >= 0;
    }

    public static bool TryReadHardState(ReadOnlySpan<byte> payload, out HardState state)
    {
        state = default;
        if (payload.Length < 16 || payload.Length > 16 + RaftLimits.ServerIdBytesMax)
        {
            return false;
        }

        string vote = Encoding.UTF8.GetString(payload[16..]);
        state = new HardState(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
            vote.Length == 0 ? ServerId.None : new ServerId(vote),
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])));
        return true;
    }

    public static bool TryReadId(ReadOnlySpan<byte> payload, out EntryId id)
    {
        id = default;
        if (payload.Length < 16)
        {
            return false;
        }

        id = new EntryId(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)), new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])));
        return true;
    }

    /// <summary>The entry without its data.</summary>
    public static bool TryReadEntryHead(ReadOnlySpan<byte> payload, out EntryId id, out EntryType type)
    {
        type = default;
        if (!TryReadId(payload, out id) || payload.Length < EntryHeadBytes || payload[16] > (byte)EntryType.Configuration)
        {
            return false;
        }

        type = (EntryType)payload[16];
        return true;
    }

    public static bool TryReadEntry(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out RaftEntry? entry)
    {
        entry = TryReadEntryHead(payload, out EntryId id, out EntryType type)
            ? new RaftEntry(id.Term, id.Index, type, payload[EntryHeadBytes..].ToArray())
            : null;
        return entry is not null;
    }
}
