namespace K8sConsul.Raft;

/// <summary>
/// The log as the core sees it: a tail of recent and unsaved entries in memory over what storage holds.
/// <code>Start ≤ Applied ≤ Applying ≤ min(Committed, Stable)   Stable ≤ Handed ≤ Last   Committed ≤ Last</code>
/// </summary>
internal sealed partial class RaftLog
{
    private readonly IRaftLogReader _reader;
    private readonly RaftOptions _options;

    /// <summary>
    /// Holds at least every entry above min(<see cref="Stable"/>, <see cref="Applied"/>) that arrived in this run, so that storage is asked only
    /// for what it has reported.
    /// </summary>
    private readonly EntryRing _tail = new();
    private readonly List<RaftEntry> _scratch = [];

    public RaftLog(IRaftLogReader reader, RaftOptions options, RaftInitialState state)
    {
        _reader = reader;
        _options = options;
        Start = reader.Start;
        Last = reader.Last;
        Stable = Handed = Last.Index;
        LogIndex snapshot = state.Snapshot?.Last.Index ?? default;
        Invariant.Require(Start.Index <= snapshot, $"the log starts after {Start}, the snapshot ends at {snapshot}: entries between are missing");
        Invariant.Require(snapshot <= Last.Index, $"the snapshot ends at {snapshot}, behind the log's end {Last}");
        Committed = LogIndex.Min(LogIndex.Max(state.HardState.Commit, snapshot), Last.Index);
        Applying = Applied = snapshot;
        _tail.Clear(Last.Index.Next);
    }

    /// <summary>The entry before the first available one.</summary>
    public EntryId Start { get; private set; }

    public EntryId Last { get; private set; }

    /// <summary>Durable here and equal to this log. Falls only when a suffix is replaced.</summary>
    public LogIndex Stable { get; private set; }

    /// <summary>Given to the host to be saved.</summary>
    public LogIndex Handed { get; private set; }

    /// <summary>Never falls.</summary>
    public LogIndex Committed { get; private set; }

    /// <summary>Given to the host to be applied.</summary>
    public LogIndex Applying { get; private set; }

    /// <summary>Reported as applied.</summary>
    public LogIndex Applied { get; private set; }

    /// <summary>Entries in memory; bounded by the cache options plus what is not yet saved and applied.</summary>
    public int CachedCount => _tail.Count;

    /// <summary>False when the index is compacted or not there yet.</summary>
    public bool TryTermAt(LogIndex index, out Term term)
    {
        if (index == Start.Index)
        {
            term = Start.Term;
            return true;
        }

        if (index < Start.Index || index > Last.Index)
        {
            term = default;
            return false;
        }

        term = index >= _tail.First ? _tail[index].Term : _reader.TermAt(index);
        return true;
    }

    public bool Contains(EntryId id) => TryTermAt(id.Index, out Term term) && term == id.Term;

    /// <summary>Precondition: follows <see cref="Last"/>.</summary>
    public void Append(RaftEntry entry)
    {
        Invariant.Require(entry.Index == Last.Index.Next, $"entry {entry.Id} appended behind {Last}");
        Invariant.Require(entry.Term >= Last.Term, $"entry {entry.Id} appended behind {Last}: terms fall");
        _tail.Add(entry);
        Last = entry.Id;
    }

    /// <summary>Removes the entries at and behind <paramref name="index"/>, which another leader's will replace.</summary>
    public void TruncateFrom(LogIndex index)
    {
        Invariant.Require(index > Committed, $"committed entry {index} would be removed (committed is {Committed})");
        Invariant.Require(index > Start.Index, $"compacted entry {index} would be removed");
        LogIndex kept = index.Previous;
        bool hasTerm = TryTermAt(kept, out Term term);
        Invariant.Require(hasTerm, $"the log has no entry {kept} to end with");
        if (index >= _tail.First)
        {
            _tail.TruncateFrom(index);
        }
        else
        {
            _tail.Clear(index);
        }

        Last = new EntryId(term, kept);
        Stable = LogIndex.Min(Stable, kept);
        Handed = LogIndex.Min(Handed, kept);
    }

    /// <summary>Replaces everything by a received snapshot, whose file is durable already.</summary>
    public void Restore(EntryId snapshot)
    {
        Invariant.Require(snapshot.Index > Committed, $"snapshot {snapshot} would take back committed {Committed}");
        Start = Last = snapshot;
        Stable = Handed = Committed = Applying = snapshot.Index;
        _tail.Clear(snapshot.Index.Next);
    }

    public void CommitTo(LogIndex index)
    {
        Invariant.Require(index >= Committed, $"commit index would fall from {Committed} to {index}");
        Invariant.Require(index <= Last.Index, $"commit index {index} is behind the log's end {Last}");
        Committed = index;
    }

    /// <summary>A save is durable.</summary>
    /// <param name="index">Durable up to here; the caller knows that these entries are still the log's.</param>
    public void StableTo(LogIndex index)
    {
        Invariant.Require(index <= Last.Index, $"saved index {index} is behind the log's end {Last}");
        Stable = LogIndex.Max(Stable, index);
        Evict();
    }

    public void AppliedTo(LogIndex index)
    {
        Invariant.Require(index <= Applying, $"applied {index} was not given out to be applied (only up to {Applying})");
        Applied = LogIndex.Max(Applied, index);
        Evict();
    }

    /// <summary>Entries up to <paramref name="index"/> count as gone from now on, whenever storage drops them.</summary>
    public EntryId CompactTo(LogIndex index)
    {
        Invariant.Require(index <= Applied, $"entry {index} would be compacted before it is applied");
        bool hasTerm = TryTermAt(index, out Term term);
        Invariant.Require(hasTerm, $"compaction to {index} outside of the log ({Start}..{Last})");
        Start = new EntryId(term, index);
        while (_tail.Count > 0 && _tail.First <= index)
        {
            _tail.DropFirst();
        }

        return Start;
    }
}
