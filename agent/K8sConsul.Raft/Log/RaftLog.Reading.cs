namespace K8sConsul.Raft;

internal sealed partial class RaftLog
{
    /// <summary>
    /// The entries from <paramref name="from"/> up to at most <paramref name="last"/> that stay below the bounds; at least one, however large.
    /// Precondition: Start &lt; from ≤ last ≤ Last.
    /// </summary>
    public RaftEntry[] Read(LogIndex from, LogIndex last, int countMax, long bytesMax)
    {
        Invariant.Require(from > Start.Index && from <= last && last <= Last.Index, $"read of {from}..{last} outside of {Start}..{Last}");
        last = LogIndex.Min(last, from + (ulong)(countMax - 1));
        return from >= _tail.First ? ReadTail(from, last, bytesMax) : ReadStorage(from, LogIndex.Min(last, _tail.First.Previous), bytesMax);
    }

    /// <summary>Of an entry that is not yet applied and arrived in this run, and so is in memory.</summary>
    public int SizeAt(LogIndex index) => _tail[index].SizeBytes;

    /// <summary>The configuration entry at <paramref name="index"/>, at start.</summary>
    public RaftEntry ReadOne(LogIndex index) => Read(index, index, countMax: 1, bytesMax: 1)[0];

    /// <summary>What the host has not been given to save, up to <paramref name="bytesMax"/> but at least one entry.</summary>
    public RaftEntry[] TakeUnsaved(long bytesMax)
    {
        if (Handed >= Last.Index)
        {
            return [];
        }

        RaftEntry[] entries = ReadTail(Handed.Next, Last.Index, bytesMax);
        Handed = entries[^1].Index;
        return entries;
    }

    /// <summary>What may be applied now: committed, durable here, and within the window of what is being applied.</summary>
    public RaftEntry[] TakeCommitted()
    {
        LogIndex last = LogIndex.Min(Committed, Stable);
        ulong applying = Applying - Applied;
        if (last <= Applying || applying >= (ulong)_options.ApplyingEntriesMax)
        {
            return [];
        }

        int window = _options.ApplyingEntriesMax - (int)applying;
        RaftEntry[] entries = Read(Applying.Next, last, window, _options.ApplyBytesMax);
        Applying = entries[^1].Index;
        return entries;
    }

    /// <summary>
    /// The newest entry at or before <paramref name="index"/> whose term is at most <paramref name="term"/>: all behind it conflict for sure
    /// with a log that has <paramref name="term"/> there.
    /// </summary>
    public EntryId FindByTerm(LogIndex index, Term term)
    {
        index = LogIndex.Min(index, Last.Index);
        while (index > Start.Index && TryTermAt(index, out Term at))
        {
            if (at <= term)
            {
                return new EntryId(at, index);
            }

            index = index.Previous;
        }

        return Start;
    }

    private RaftEntry[] ReadTail(LogIndex from, LogIndex last, long bytesMax)
    {
        int count = 0;
        long size = 0;
        for (LogIndex index = from; index <= last; index = index.Next)
        {
            size += _tail[index].SizeBytes;
            if (count > 0 && size > bytesMax)
            {
                break;
            }

            count++;
        }

        RaftEntry[] entries = new RaftEntry[count];
        _tail.CopyTo(from, entries);
        return entries;
    }

    private RaftEntry[] ReadStorage(LogIndex from, LogIndex last, long bytesMax)
    {
        _scratch.Clear();
        _reader.Read(from, last, bytesMax, _scratch);
        Invariant.Require(
            _scratch.Count > 0 && _scratch[0].Index == from && _scratch[^1].Index <= last, $"storage answered a read of {from}..{last} with other entries");
        RaftEntry[] entries = [.. _scratch];
        _scratch.Clear();
        return entries;
    }

    /// <summary>Bounds the memory: entries that are saved and applied stay only within the cache options.</summary>
    private void Evict()
    {
        LogIndex evictable = LogIndex.Min(Stable, Applied);
        while (_tail.Count > 0 && _tail.First <= evictable
            && ((evictable - _tail.First) + 1 > (ulong)_options.CacheEntries || _tail.SizeBytes > _options.CacheBytes))
        {
            _tail.DropFirst();
        }
    }
}
