using System.Buffers.Binary;
using System.Text;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>Builds one frame in a buffer that is reused from frame to frame. Checksums are made at the end, when the place is known.</summary>
internal sealed class WalFrame
{
    private const int FrameHeadPayloadBytes = 20;
    private const int InitialBytes = 64 * 1024;

    /// <summary>A buffer that one huge write made is not kept.</summary>
    private const int KeptBytes = 16 * 1024 * 1024;

    private readonly List<(WalRecordType Type, int Offset, int PayloadBytes)> _records = [];
    private byte[] _buffer = new byte[InitialBytes];

    public int Bytes { get; private set; } = WalFormat.FrameBytes;

    public bool IsEmpty => _records.Count == 0;

    public void Clear()
    {
        _records.Clear();
        Bytes = WalFormat.FrameBytes;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[InitialBytes];
        }
    }

    public void Add(HardState state)
    {
        int voteBytes = Encoding.UTF8.GetByteCount(state.Vote.Value ?? "");
        Span<byte> payload = Reserve(WalRecordType.HardState, 16 + voteBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, state.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], state.Commit.Value);
        Encoding.UTF8.GetBytes(state.Vote.Value ?? "", payload[16..]);
    }

    /// <summary>Adds an entry.</summary>
    /// <returns>Offset of the record in the frame.</returns>
    public int Add(RaftEntry entry)
    {
        int offset = Bytes;
        Span<byte> payload = Reserve(WalRecordType.Entry, WalRecord.EntryHeadBytes + entry.Data.Length);
        WriteId(payload, entry.Id);
        payload[16] = (byte)entry.Type;
        entry.Data.Span.CopyTo(payload[WalRecord.EntryHeadBytes..]);
        return offset;
    }

    public void AddStart(EntryId id) => WriteId(Reserve(WalRecordType.Start, 16), id);

    public void AddReset(EntryId id) => WriteId(Reserve(WalRecordType.Reset, 16), id);

    public void AddPosition(EntryId start, EntryId last)
    {
        Span<byte> payload = Reserve(WalRecordType.Position, 32);
        WriteId(payload, start);
        WriteId(payload[16..], last);
    }

    public void AddClosed() => Reserve(WalRecordType.Closed, 0);

    /// <summary>Seals all records for their place and yields the bytes to write there.</summary>
    public ReadOnlySpan<byte> Seal(ulong number, ulong salt, long offset)
    {
        Span<byte> head = _buffer.AsSpan(WalFormat.RecordHeadBytes, FrameHeadPayloadBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(head, number);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], (ulong)(Bytes - WalFormat.FrameBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], (uint)_records.Count);
        WalFormat.SealRecord(_buffer, salt, offset, WalRecordType.Frame, FrameHeadPayloadBytes);
        foreach ((WalRecordType type, int at, int payloadBytes) in _records)
        {
            WalFormat.SealRecord(_buffer.AsSpan(at), salt, offset + at, type, payloadBytes);
        }

        return _buffer.AsSpan(0, Bytes);
    }

    private Span<byte> Reserve(WalRecordType type, int payloadBytes)
    {
        int at = Bytes;
        int end = checked(at + WalFormat.RecordBytes(payloadBytes));
        if (end > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(end, checked(_buffer.Length * 2)));
        }

        _records.Add((type, at, payloadBytes));
        Bytes = end;
        return _buffer.AsSpan(at + WalFormat.RecordHeadBytes, payloadBytes);
    }

    private static void WriteId(Span<byte> into, EntryId id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into, id.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], id.Index.Value);
    }
}
