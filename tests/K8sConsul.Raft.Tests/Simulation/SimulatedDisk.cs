namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>
/// A log on a disk that forgets: what was enqueued becomes durable in order, when the test says so, and a crash keeps any prefix of the rest.
/// </summary>
internal sealed class SimulatedDisk : IRaftLogReader
{
    private readonly List<RaftEntry> _entries = [];
    private readonly Queue<Ready> _pending = new();

    public HardState HardState { get; private set; }

    public EntryId Start { get; private set; }

    public EntryId Last => _entries.Count > 0 ? _entries[^1].Id : Start;

    public IReadOnlyList<RaftEntry> Entries => _entries;

    public int PendingCount => _pending.Count;

    /// <summary>Entries read back, so that tests see whether storage was asked at all.</summary>
    public int ReadCount { get; private set; }

    public IReadOnlyList<LogIndex> ConfigurationIndexes =>
        [.. _entries.Where(entry => entry.Type == EntryType.Configuration).Select(entry => entry.Index)];

    public Term TermAt(LogIndex index)
    {
        Assert.InRange(index.Value, Start.Index.Value, Last.Index.Value);
        return index == Start.Index ? Start.Term : _entries[(int)(index - Start.Index) - 1].Term;
    }

    public void Read(LogIndex from, LogIndex last, long bytesMax, List<RaftEntry> into)
    {
        Assert.InRange(from.Value, Start.Index.Value + 1, last.Value);
        Assert.InRange(last.Value, from.Value, Last.Index.Value);
        long bytes = 0;
        for (LogIndex index = from; index <= last; index = index.Next)
        {
            RaftEntry entry = _entries[(int)(index - Start.Index) - 1];
            bytes += entry.SizeBytes;
            if (index > from && bytes > bytesMax)
            {
                return;
            }

            // A copy, as from a real disk: sharing would hide a mistake in what is kept.
            into.Add(new RaftEntry(entry.Term, entry.Index, entry.Type, entry.Data.ToArray()));
            ReadCount++;
        }
    }

    public void Bootstrap(RaftConfiguration configuration)
    {
        HardState = RaftBootstrap.HardState;
        _entries.Add(RaftBootstrap.Entry(configuration));
    }

    /// <summary>Puts a log there as if written by an earlier run.</summary>
    public void Preset(HardState hardState, params RaftEntry[] entries)
    {
        HardState = hardState;
        _entries.AddRange(entries);
    }

    public void Enqueue(Ready ready) => _pending.Enqueue(ready);

    /// <summary>The oldest write becomes durable.</summary>
    /// <returns>The number to report.</returns>
    public ulong CompleteNext()
    {
        Ready ready = _pending.Dequeue();
        Write(ready);
        return ready.Number;
    }

    public ulong? NextNumber => _pending.TryPeek(out Ready? ready) ? ready.Number : null;

    public void Crash(int kept)
    {
        for (int i = 0; i < kept; i++)
        {
            Write(_pending.Dequeue());
        }

        _pending.Clear();
    }

    public void Compact(EntryId last)
    {
        if (last.Index > Start.Index)
        {
            _entries.RemoveRange(0, (int)Math.Min((ulong)_entries.Count, last.Index - Start.Index));
            Start = last;
        }
    }

    /// <summary>At start: a published snapshot that is ahead of the log, or contradicts it, replaces it.</summary>
    public void ReconcileWith(EntryId snapshot)
    {
        if (snapshot.Index > Last.Index || (snapshot.Index >= Start.Index && TermAt(snapshot.Index) != snapshot.Term))
        {
            Reset(snapshot);
        }
    }

    private void Write(Ready ready)
    {
        if (ready.Snapshot is { } snapshot)
        {
            Reset(snapshot.Last);
        }

        HardState = ready.HardState ?? HardState;
        foreach (RaftEntry entry in ready.Entries.Span)
        {
            Assert.True(entry.Index > Start.Index && entry.Index <= Last.Index.Next, $"gap: {entry.Id} behind {Last}");
            if (entry.Index <= Last.Index)
            {
                int keep = (int)(entry.Index - Start.Index) - 1;
                _entries.RemoveRange(keep, _entries.Count - keep);
            }

            _entries.Add(entry);
        }
    }

    private void Reset(EntryId id)
    {
        _entries.Clear();
        Start = id;
    }
}
