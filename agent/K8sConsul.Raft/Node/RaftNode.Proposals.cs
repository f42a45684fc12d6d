namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>Of entries appended in this reign above the commit index.</summary>
    private long _uncommittedBytes;

    /// <summary>Appends a command on a leader. The entry leaves with the next <see cref="Ready"/>.</summary>
    public ProposeResult Propose(ReadOnlyMemory<byte> command)
    {
        Refusal refusal = WhyNotPropose(command.Length, count: 1);
        if (refusal != Refusal.None)
        {
            return Refuse(refusal);
        }

        return new ProposeResult(AppendOwn(EntryType.Command, command), Refusal.None);
    }

    /// <summary>All or none, at consecutive indexes.</summary>
    public ProposeResult ProposeBatch(ReadOnlySpan<ReadOnlyMemory<byte>> commands)
    {
        int largest = 0;
        foreach (ReadOnlyMemory<byte> command in commands)
        {
            largest = Math.Max(largest, command.Length);
        }

        Refusal refusal = WhyNotPropose(largest, commands.Length);
        if (refusal != Refusal.None)
        {
            return Refuse(refusal);
        }

        EntryId first = new(_hard.Term, _log.Last.Index.Next);
        foreach (ReadOnlyMemory<byte> command in commands)
        {
            AppendOwn(EntryType.Command, command);
        }

        return new ProposeResult(first, Refusal.None);
    }

    private Refusal WhyNotPropose(int largestBytes, int count)
    {
        if (_role != RaftRole.Leader)
        {
            return _leader.IsNone ? Refusal.NoLeader : Refusal.NotLeader;
        }

        if (_transfer is not null)
        {
            return Refusal.Transferring;
        }

        if (largestBytes > _options.EntryBytesMax)
        {
            return Refusal.TooLarge;
        }

        // One proposal may overrun the bytes; otherwise a limit below the entry limit would refuse for ever.
        bool isFull = _uncommittedBytes >= _options.UncommittedBytesMax
            || (_log.Last.Index - _log.Committed) + (ulong)count > (ulong)_options.UncommittedEntriesMax;
        return isFull ? Refusal.QueueFull : Refusal.None;
    }

    private ProposeResult Refuse(Refusal refusal) =>
        ProposeResult.Refused(refusal, refusal == Refusal.Transferring ? _transfer!.Target : _leader);

    private EntryId AppendOwn(EntryType type, ReadOnlyMemory<byte> data)
    {
        RaftEntry entry = new(_hard.Term, _log.Last.Index.Next, type, data);
        _log.Append(entry);
        _uncommittedBytes += entry.SizeBytes;
        return entry.Id;
    }

    /// <summary>The commit rule of the paper (§5.3, §5.4.2).</summary>
    private void MaybeCommit()
    {
        LogIndex reached = new(ReachedByQuorum(peer => peer.Match.Value, own: _log.Stable.Value));
        if (reached <= _log.Committed || !_log.TryTermAt(reached, out Term term) || !_rules.CommitsByCounting(term, _hard.Term))
        {
            return;
        }

        LogIndex before = _log.Committed;
        for (LogIndex index = LogIndex.Max(before.Next, _reignStart); index <= reached; index = index.Next)
        {
            _uncommittedBytes -= _log.SizeAt(index);
        }

        _log.CommitTo(reached);
        Invariant.Require(_uncommittedBytes >= 0, $"{_uncommittedBytes} uncommitted bytes");
        if (_configurations.LatestIndex > before && _configurations.LatestIndex <= reached)
        {
            OnConfigurationCommitted();
        }
    }
}
