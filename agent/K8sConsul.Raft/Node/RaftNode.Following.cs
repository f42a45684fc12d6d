namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    private void OnHeartbeat(Heartbeat heartbeat)
    {
        // A leader names no entry that this server has not acknowledged to it, durable then and committed. One whose log ends before has lost
        // its memory, perhaps of votes too, as a machine has that was put back to an image of its disk. An empty log is let pass: a
        // removed server that comes back under its old name may still hear what was said to the former one.
        Invariant.Require(
            heartbeat.Commit <= _log.Last.Index || _log.Last.Index.Value == 0,
            $"{heartbeat.From} has our word for entry {heartbeat.Commit}, and our log ends with {_log.Last}: the data directory was put back to an earlier state. Remove this server from the cluster and let it join again with an empty directory, which gives it a new node id");
        CommitAsFollower(LogIndex.Min(heartbeat.Commit, _log.Last.Index));
        Send(new HeartbeatReply(_self, heartbeat.From, _hard.Term, heartbeat.Round, heartbeat.SentTick));
    }

    private void OnCommitNotice(CommitNotice notice)
    {
        if (_log.Contains(notice.Commit))
        {
            CommitAsFollower(notice.Commit.Index);
        }
    }

    private void OnAppendEntries(AppendEntries append)
    {
        ReadOnlySpan<RaftEntry> entries = append.Entries.Span;
        if (!IsWellFormed(append))
        {
            return;
        }

        // What is committed matches (leader completeness, §5.4.3), and the entries before it may be compacted here.
        if (append.Previous.Index < _log.Committed)
        {
            ulong known = Math.Min(_log.Committed - append.Previous.Index, (ulong)entries.Length);
            foreach (RaftEntry entry in entries[..(int)known])
            {
                Invariant.Require(
                    !_log.TryTermAt(entry.Index, out Term held) || held == entry.Term,
                    $"{append.From} would replace committed entry {entry.Index}/{held} by {entry.Id}");
            }

            if (known == (ulong)entries.Length)
            {
                Acknowledge(append, _log.Committed);
                return;
            }

            entries = entries[(int)known..];
        }
        else if (!_rules.AcceptsAppend(_log.Contains(append.Previous)))
        {
            // The hint: our newest entry that could still be the leader's, for beyond it our terms are all later ones.
            EntryId hint = _log.FindByTerm(append.Previous.Index, append.Previous.Term);
            Send(new AppendEntriesReply(_self, append.From, _hard.Term, IsSuccess: false, append.Previous.Index, hint));
            return;
        }

        LogIndex lastNew = append.Previous.Index + (ulong)append.Entries.Length;
        AppendMissing(entries);
        CommitAsFollower(LogIndex.Min(append.Commit, lastNew));
        Acknowledge(append, lastNew);
    }

    /// <summary>Entries that are there already stay; from the first conflicting one on ours give way (Raft paper §5.3).</summary>
    private void AppendMissing(ReadOnlySpan<RaftEntry> entries)
    {
        int missing = 0;
        while (missing < entries.Length && _log.Contains(entries[missing].Id))
        {
            missing++;
        }

        if (missing == entries.Length)
        {
            return;
        }

        bool isMoved = false;
        LogIndex first = entries[missing].Index;
        if (first <= _log.Last.Index)
        {
            Trace(TraceLevel.Information, $"entries {first}..{_log.Last.Index} give way to those of the leader");
            TruncateSaves(first);
            isMoved = _configurations.TruncateFrom(first);
            _log.TruncateFrom(first);
        }

        foreach (RaftEntry entry in entries[missing..])
        {
            _log.Append(entry);
            if (entry.Type == EntryType.Configuration)
            {
                RaftConfiguration.TryDecode(entry.Data, out RaftConfiguration? configuration, out _);
                _configurations.Add(entry.Index, configuration!);
                isMoved = true;
            }
        }

        if (isMoved)
        {
            OnConfigurationMoved();
        }
    }

    private void CommitAsFollower(LogIndex index)
    {
        if (index > _log.Committed)
        {
            _log.CommitTo(index);
        }
    }

    private void Acknowledge(AppendEntries append, LogIndex match) =>
        SendAfterSave(new AppendEntriesReply(_self, append.From, _hard.Term, IsSuccess: true, match, default));

    /// <summary>
    /// Whether the entries follow each other and can be read. The codec makes the first impossible; the second would come from a newer program.
    /// Nothing has been changed yet, so the message is dropped and the leader sees that its entries do not arrive.
    /// </summary>
    private bool IsWellFormed(AppendEntries append)
    {
        EntryId before = append.Previous;
        foreach (RaftEntry entry in append.Entries.Span)
        {
            string? problem = entry.Index != before.Index.Next || entry.Term < before.Term || entry.Term > append.Term
                ? $"does not follow {before}"
                : null;
            if (problem is null && entry.Type == EntryType.Configuration)
            {
                RaftConfiguration.TryDecode(entry.Data, out _, out problem);
            }

            if (problem is not null)
            {
                Trace(TraceLevel.Warning, $"dropped AppendEntries from {append.From}: entry {entry.Id} {problem}");
                return false;
            }

            before = entry.Id;
        }

        return true;
    }
}
