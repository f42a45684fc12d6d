using System.Buffers;
using System.Globalization;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

public sealed partial class WriteAheadLog
{
    /// <summary>Records that lie within this distance are fetched with one read.</summary>
    private const int ReadBytesMax = 1024 * 1024;

    /// <inheritdoc/>
    public Term TermAt(LogIndex index)
    {
        lock (_gate)
        {
            RequireHeld(index, orStart: true);
            return _index.TermAt(index);
        }
    }

    /// <inheritdoc/>
    public void Read(LogIndex from, LogIndex last, long bytesMax, List<RaftEntry> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        List<WalLocation> locations = [];
        lock (_gate)
        {
            RequireHeld(from, orStart: false);
            RequireHeld(last, orStart: false);
            long bytes = 0;
            for (LogIndex index = from; index <= last; index = index.Next)
            {
                WalLocation location = _index[index];
                bytes += location.PayloadBytes - WalRecord.EntryHeadBytes + RaftEntry.OverheadBytes;
                if (locations.Count > 0 && bytes > bytesMax)
                {
                    break;
                }

                locations.Add(location);
            }
        }

        for (int i = 0; i < locations.Count;)
        {
            i += ReadRun(locations, i, from + (ulong)i, into);
        }
    }

    /// <summary>Reads as many records as lie close together in one file.</summary>
    /// <returns>How many.</returns>
    private static int ReadRun(List<WalLocation> locations, int at, LogIndex index, List<RaftEntry> into)
    {
        WalLocation first = locations[at];
        WalSegment segment = first.Segment!;
        int count = 0;
        int end = first.Offset;
        while (at + count < locations.Count && locations[at + count].Segment == segment)
        {
            WalLocation next = locations[at + count];
            int nextEnd = next.Offset + WalFormat.RecordBytes(next.PayloadBytes);
            if (count > 0 && nextEnd - first.Offset > ReadBytesMax)
            {
                break;
            }

            end = nextEnd;
            count++;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(end - first.Offset);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, end - first.Offset);
            int read = segment.File.Read(first.Offset, bytes);
            for (int i = 0; i < count; i++)
            {
                WalLocation location = locations[at + i];
                LogIndex expected = index + (ulong)i;
                if (read < bytes.Length
                    || !WalFormat.TryReadRecord(bytes[(location.Offset - first.Offset)..], segment.Salt, location.Offset, out _, out ReadOnlySpan<byte> payload, out _)
                    || !WalRecord.TryReadEntry(payload, out RaftEntry? entry)
                    || entry.Index != expected)
                {
                    throw new StorageDamagedException(
                        segment.File.Path, location.Offset, string.Create(CultureInfo.InvariantCulture, $"entry {expected} is not there any more"));
                }

                into.Add(entry);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return count;
    }

    private void RequireHeld(LogIndex index, bool orStart)
    {
        bool isHeld = index <= _index.Last.Index && (index > _index.Start.Index || (orStart && index == _index.Start.Index));
        if (!isHeld)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the log holds {_index.Start}..{_index.Last}");
        }
    }
}
