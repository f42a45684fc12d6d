using System.Buffers.Binary;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>One change that a recovered frame makes.</summary>
internal readonly record struct WalChange(WalRecordType Type, EntryId Id, EntryId Second, EntryType EntryType, HardState HardState, WalLocation Location);

/// <summary>Reads a segment from the front through a window, so that memory does not depend on the segment's size.</summary>
internal sealed class WalScanner(WalSegment segment)
{
    private const int WindowBytes = 1024 * 1024;

    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <summary>
    /// Reads the frame at <paramref name="offset"/> completely before it tells anything of it, for a frame counts as a whole or not at all.
    /// </summary>
    /// <returns>Bytes of the frame; 0 when there is no valid frame of this number.</returns>
    public long ReadFrame(long offset, ulong number, List<WalChange> changes)
    {
        changes.Clear();
        if (!TryReadHead(offset, out ulong found, out long bodyBytes, out uint count) || found != number || bodyBytes > segment.Size - offset - WalFormat.FrameBytes)
        {
            return 0;
        }

        long at = offset + WalFormat.FrameBytes;
        long end = at + bodyBytes;
        for (uint i = 0; i < count; i++)
        {
            int bytes = ReadRecord(at, end, changes);
            if (bytes == 0)
            {
                return 0;
            }

            at += bytes;
        }

        return at == end ? end - offset : 0;
    }

    /// <summary>Looks behind a place where no valid frame begins.</summary>
    /// <param name="offset">That place.</param>
    /// <param name="dirtyEnd">One behind the last byte that is not zero.</param>
    /// <returns>Where the head of another frame lies, or null.</returns>
    public long? FindFrameBehind(long offset, out long dirtyEnd)
    {
        dirtyEnd = offset;
        long at = offset;
        while (at < segment.Size)
        {
            ReadOnlySpan<byte> window = PeekWindow(at);
            int dirty = window.IndexOfAnyExcept((byte)0);
            if (dirty < 0)
            {
                at += window.Length;
                continue;
            }

            // Frames begin at multiples of the alignment; heads are told by their length before anything is summed.
            at += dirty & ~(WalFormat.Alignment - 1);
            int left = (int)Math.Min(WalFormat.Alignment, segment.Size - at);
            dirtyEnd = at + Peek(at, left).LastIndexOfAnyExcept((byte)0) + 1;
            if (at > offset && TryReadHead(at, out _, out _, out _))
            {
                return at;
            }

            at += left;
        }

        return null;
    }

    private bool TryReadHead(long offset, out ulong number, out long bodyBytes, out uint count)
    {
        number = 0;
        bodyBytes = 0;
        count = 0;
        if (segment.Size - offset < WalFormat.FrameBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> head = Peek(offset, WalFormat.FrameBytes);
        return WalFormat.TryReadRecord(head, segment.Salt, offset, out WalRecordType type, out ReadOnlySpan<byte> payload, out int bytes)
            && type == WalRecordType.Frame && bytes == WalFormat.FrameBytes
            && WalRecord.TryReadFrame(payload, out number, out bodyBytes, out count);
    }

    /// <summary>Reads one record of a frame.</summary>
    /// <returns>Bytes of the record; 0 when it is damaged.</returns>
    private int ReadRecord(long at, long end, List<WalChange> changes)
    {
        if (end - at < WalFormat.RecordHeadBytes)
        {
            return 0;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Peek(at, sizeof(uint)));
        if (length is 0 or > WalFormat.RecordLengthMax || WalFormat.RecordBytes((int)length - 1) > end - at)
        {
            return 0;
        }

        ReadOnlySpan<byte> record = Peek(at, WalFormat.RecordBytes((int)length - 1));
        if (!WalFormat.TryReadRecord(record, segment.Salt, at, out WalRecordType type, out ReadOnlySpan<byte> payload, out int bytes))
        {
            return 0;
        }

        EntryId id = default;
        EntryId second = default;
        EntryType entryType = default;
        HardState hardState = default;
        WalLocation location = new(segment, (int)at, payload.Length);
        bool isValid = type switch
        {
            WalRecordType.HardState => WalRecord.TryReadHardState(payload, out hardState),
            WalRecordType.Entry => WalRecord.TryReadEntryHead(payload, out id, out entryType),
            WalRecordType.Start or WalRecordType.Reset => WalRecord.TryReadId(payload, out id),
            WalRecordType.Position => WalRecord.TryReadId(payload, out id) && payload.Length == 32 && WalRecord.TryReadId(payload[16..], out second),
            WalRecordType.Closed => payload.IsEmpty,
            _ => false,
        };
        changes.Add(new WalChange(type, id, second, entryType, hardState, location));
        return isValid ? bytes : 0;
    }

    /// <summary>What is in the window from <paramref name="offset"/> on, or a new window.</summary>
    private ReadOnlySpan<byte> PeekWindow(long offset)
    {
        long left = offset >= _windowStart ? _windowStart + _windowLength - offset : 0;
        return Peek(offset, (int)Math.Min(left > 0 ? left : WindowBytes, segment.Size - offset));
    }

    private ReadOnlySpan<byte> Peek(long offset, int length)
    {
        if (offset < _windowStart || offset + length > _windowStart + _windowLength)
        {
            int wanted = (int)Math.Min(Math.Max(length, WindowBytes), segment.Size - offset);
            if (_window.Length < wanted)
            {
                _window = new byte[wanted];
            }

            _windowStart = offset;
            _windowLength = segment.File.Read(offset, _window.AsSpan(0, wanted));
            if (_windowLength < length)
            {
                throw new StorageDamagedException(segment.File.Path, offset + _windowLength, "the file ends before its segment does");
            }
        }

        return _window.AsSpan((int)(offset - _windowStart), length);
    }
}
