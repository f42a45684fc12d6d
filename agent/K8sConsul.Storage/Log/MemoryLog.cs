using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>A log that does not survive the process (-dev). Everything is "durable" at once.</summary>
public sealed class MemoryLog : IRaftLogStore
{
    private readonly Lock _gate = new();
    private readonly List<RaftEntry> _entries = [];
    private EntryId _start;
    private HardState _hardState;

    public EntryId Start
    {
        get
        {
            lock (_gate)
            {
                return _start;
            }
        }
    }

    public EntryId Last
    {
        get
        {
            lock (_gate)
            {
                return LastEntry;
            }
        }
    }

    public HardState HardState
    {
        get
        {
            lock (_gate)
            {
                return _hardState with { Commit = LogIndex.Min(_hardState.Commit, LastEntry.Index) };
            }
        }
    }

    public IReadOnlyList<LogIndex> ConfigurationIndexes
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Where(entry => entry.Type == EntryType.Configuration).Select(entry => entry.Index)];
            }
        }
    }

    private EntryId LastEntry => _entries.Count > 0 ? _entries[^1].Id : _start;

    /// <inheritdoc/>
    public Term TermAt(LogIndex index)
    {
        lock (_gate)
        {
            return index == _start.Index ? _start.Term : _entries[Slot(index)].Term;
        }
    }

    /// <inheritdoc/>
    public void Read(LogIndex from, LogIndex last, long bytesMax, List<RaftEntry> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_gate)
        {
            long bytes = 0;
            for (LogIndex index = from; index <= last; index = index.Next)
            {
                RaftEntry entry = _entries[Slot(index)];
                bytes += entry.SizeBytes;
                if (index > from && bytes > bytesMax)
                {
                    return;
                }

                into.Add(entry);
            }
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(in LogWrite write)
    {
        lock (_gate)
        {
            if (write.Reset is { } reset)
            {
                _entries.Clear();
                _start = reset;
            }

            _hardState = write.HardState ?? _hardState;
            foreach (RaftEntry entry in write.Entries.Span)
            {
                if (entry.Index <= _start.Index || entry.Index > LastEntry.Index.Next)
                {
                    throw new InvalidOperationException($"entry {entry.Id} does not fit a log from {_start} to {LastEntry}");
                }

                int keep = Slot(entry.Index);
                _entries.RemoveRange(keep, _entries.Count - keep);
                _entries.Add(entry);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CompactAsync(EntryId last)
    {
        lock (_gate)
        {
            if (last.Index > _start.Index)
            {
                _entries.RemoveRange(0, Slot(last.Index) + 1);
                _start = last;
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int Slot(LogIndex index) => (int)(index - _start.Index) - 1;
}
