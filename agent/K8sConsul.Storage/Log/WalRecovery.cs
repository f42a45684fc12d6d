using System.Globalization;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// Reads the log at start. The last frame of the last segment may be torn: it was never acknowledged and is cut. Everything else that is
/// not as it was written is damage: a frame that is not valid although a later one exists was flushed before that one was written.
/// </summary>
internal sealed class WalRecovery(IFileSystem files, string directory)
{
    private readonly List<WalChange> _changes = [];
    private readonly List<WalSegment> _segments = [];

    public WalIndex Index { get; } = new();

    public HardState HardState { get; private set; }

    /// <summary>Number of the next frame.</summary>
    public ulong NextFrame { get; private set; }

    /// <summary>Whether the last frame says that the log was closed in good order.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What a crash left behind and was cut; null after a clean stop.</summary>
    public TornTail? TornTail { get; private set; }

    /// <summary>Oldest first; empty for a new log. The last one is writable.</summary>
    public List<WalSegment> Run()
    {
        try
        {
            OpenSegments();
            for (int i = 0; i < _segments.Count; i++)
            {
                Replay(_segments[i], i + 1 < _segments.Count ? _segments[i + 1] : null);
            }

            if (Index.FirstMissing() is { } missing)
            {
                throw new StorageDamagedException(_segments[0].File.Path, 0, $"entry {missing} is in a file that is missing");
            }

            if (_segments.Count > 0 && HardState.Term < Index.Last.Term)
            {
                throw new StorageDamagedException(_segments[^1].File.Path, _segments[^1].End, $"the log ends with {Index.Last} but the term is {HardState.Term}");
            }

            MakeDurable();
            return _segments;
        }
        catch
        {
            _segments.ForEach(segment => segment.Dispose());
            throw;
        }
    }

    /// <summary>
    /// A process that was killed leaves what it had written and not flushed in the page cache, where it is read like the rest. The new one will act on
    /// it, so it must be durable first. Earlier segments are: the next one is begun behind a flush.
    /// </summary>
    private void MakeDurable()
    {
        if (_segments.Count > 0)
        {
            _segments[^1].File.Flush();
            files.FlushDirectory(directory);
        }
    }

    private void OpenSegments()
    {
        foreach (string name in files.List(directory))
        {
            if (!WalSegment.TryParseName(name, out ulong sequence))
            {
                continue;
            }

            string path = Path.Combine(directory, name);
            if (_segments.Count > 0 && sequence != _segments[^1].Sequence + 1)
            {
                throw new StorageDamagedException(path, 0, string.Create(CultureInfo.InvariantCulture, $"segment {_segments[^1].Sequence + 1} before it is missing"));
            }

            _segments.Add(OpenSegment(path, sequence));
        }
    }

    private WalSegment OpenSegment(string path, ulong expected)
    {
        IStorageFile file = files.Open(path, isWritable: true);
        try
        {
            byte[] header = new byte[WalFormat.HeaderBytes];
            int read = file.Read(0, header);
            string? problem = WalFormat.ReadHeader(header.AsSpan(0, read), out ulong sequence, out ulong firstFrame, out ulong salt, out long size);
            problem ??= sequence != expected ? $"the header names segment {sequence}" : null;
            problem ??= file.Length < size ? $"the file has {file.Length} of {size} bytes" : null;
            return problem is null
                ? new WalSegment(file, sequence, firstFrame, salt, size)
                : throw new StorageDamagedException(path, 0, problem);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Replay(WalSegment segment, WalSegment? next)
    {
        bool isFirst = segment == _segments[0];
        NextFrame = isFirst ? segment.FirstFrame : NextFrame;
        WalScanner scanner = new(segment);
        long offset = WalFormat.HeaderBytes;
        while (scanner.ReadFrame(offset, NextFrame, _changes) is var bytes and > 0)
        {
            Apply(segment, offset, mayBegin: isFirst && offset == WalFormat.HeaderBytes);
            offset += bytes;
            NextFrame++;
        }

        segment.End = offset;
        if (offset == WalFormat.HeaderBytes)
        {
            // It was flushed before the file got its name.
            throw new StorageDamagedException(segment.File.Path, offset, "the segment's first frame is not valid");
        }

        if (next is not null)
        {
            if (next.FirstFrame != NextFrame)
            {
                throw new StorageDamagedException(
                    segment.File.Path, offset, string.Create(CultureInfo.InvariantCulture, $"frame {NextFrame} is not valid, the next segment begins with {next.FirstFrame}"));
            }

            return;
        }

        if (scanner.FindFrameBehind(offset, out long dirtyEnd) is { } later)
        {
            throw new StorageDamagedException(
                segment.File.Path, offset, string.Create(CultureInfo.InvariantCulture, $"frame {NextFrame} is not valid, yet a later one is there at {later}"));
        }

        Cut(segment, offset, dirtyEnd);
    }

    /// <summary>Restores the invariant that zeros follow the last frame, before anything new is written there.</summary>
    private void Cut(WalSegment segment, long offset, long dirtyEnd)
    {
        long bytes = dirtyEnd - offset;
        if (bytes == 0)
        {
            return;
        }

        segment.File.Write(offset, new byte[bytes]);
        TornTail = new TornTail(segment.File.Path, offset, bytes);
    }

    private void Apply(WalSegment segment, long offset, bool mayBegin)
    {
        IsClosed = false;
        foreach (WalChange change in _changes)
        {
            string? problem = null;
            switch (change.Type)
            {
                case WalRecordType.Position when mayBegin:
                    Index.Begin(change.Id, change.Second);
                    break;
                case WalRecordType.Position:
                    problem = change.Id != Index.Start || change.Second != Index.Last
                        ? $"the segment continues a log {change.Id}..{change.Second}, the one before ends as {Index.Start}..{Index.Last}" : null;
                    break;
                case WalRecordType.HardState:
                    problem = change.HardState.Term < HardState.Term ? $"term {change.HardState.Term} follows {HardState.Term}" : null;
                    HardState = change.HardState;
                    break;
                case WalRecordType.Entry:
                    problem = Index.Append(change.Id, change.EntryType, change.Location);
                    break;
                case WalRecordType.Start:
                    problem = Index.DropTo(change.Id);
                    break;
                case WalRecordType.Reset:
                    Index.Reset(change.Id);
                    break;
                case WalRecordType.Closed:
                    IsClosed = true;
                    break;
            }

            if (problem is not null)
            {
                throw new StorageDamagedException(segment.File.Path, offset, problem);
            }
        }
    }
}
