namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>To be reported with the next Ready.</summary>
    private bool _isConfigurationNews;

    /// <summary>
    /// Proposes a change of one server. In force here at once, committed later; until then the next change is refused as
    /// <see cref="Refusal.ChangePending"/>. A change that changes nothing is accepted at the latest configuration's index.
    /// </summary>
    public ProposeResult ProposeConfiguration(ConfigurationChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Refusal refusal = WhyNotPropose(largestBytes: 0, count: 0);
        if (refusal is not (Refusal.None or Refusal.QueueFull))
        {
            return Refuse(refusal);
        }

        if (change.ExpectedIndex is { } expected && expected != _configurations.LatestIndex)
        {
            return ProposeResult.Refused(Refusal.ConfigurationMoved, _leader, $"the latest configuration is that of index {_configurations.LatestIndex}");
        }

        if (!_rules.MayChangeMembers(_configurations.LatestIndex <= _log.Committed, HasCommittedInTerm))
        {
            return ProposeResult.Refused(Refusal.ChangePending, _leader);
        }

        if (!_configurations.Latest.TryApply(change, out RaftConfiguration next, out string? problem))
        {
            return ProposeResult.Refused(Refusal.InvalidTarget, _leader, problem);
        }

        if (next.Equals(_configurations.Latest))
        {
            bool hasTerm = _log.TryTermAt(_configurations.LatestIndex, out Term term);
            return new ProposeResult(new EntryId(hasTerm ? term : default, _configurations.LatestIndex), Refusal.None);
        }

        EntryId id = AppendOwn(EntryType.Configuration, next.Encode());
        Trace(TraceLevel.Information, $"{change.Kind} {change.Server}: configuration {next} at {id}");
        if (next.Find(change.Server) is null && FindPeer(change.Server) is { } removed)
        {
            // The last it hears from us: the entry that removes it, so that it does not wait for a leader in vain.
            Replicate(removed);
        }

        _configurations.Add(id.Index, next);
        OnConfigurationMoved();
        return new ProposeResult(id, Refusal.None);
    }

    private void OnConfigurationMoved()
    {
        _isConfigurationNews = true;
        if (_role != RaftRole.Leader)
        {
            return;
        }

        _peers = [.. OtherServers().Select(Track)];
        if (_transfer is { } transfer && !_configurations.Latest.IsVoter(transfer.Target))
        {
            EndTransfer("the target is no longer a voter");
        }

        // A smaller quorum may be reached already.
        MaybeCommit();
    }

    private PeerProgress Track(RaftServer server)
    {
        PeerProgress peer = FindPeer(server.Id) ?? new PeerProgress(server, _log.Last.Index.Next, _now, _options);
        peer.Server = server;
        return peer;
    }

    /// <summary>A leader that is not a voter any more has led on only to commit that (thesis §4.2.2).</summary>
    private void OnConfigurationCommitted()
    {
        if (IsVoter)
        {
            return;
        }

        foreach (PeerProgress peer in _peers)
        {
            Replicate(peer);
        }

        // Not waiting for an election time-out: the most caught-up voter is asked to start now.
        if (MostCaughtUpVoter() is { } heir && heir.Match == _log.Last.Index)
        {
            Send(new TimeoutNow(_self, heir.Id, _hard.Term));
        }

        BecomeFollower(_hard.Term, ServerId.None, "no longer a voter: the change is committed");
    }
}
