namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>The other members, in the configuration's order. Empty unless leading.</summary>
    private PeerProgress[] _peers = [];

    /// <summary>Index of the no-op that began this reign; once it is committed, reads and configuration changes may go on.</summary>
    private LogIndex _reignStart;
    private long _heartbeatTick;

    private bool HasCommittedInTerm => _log.Committed >= _reignStart;

    private void BeginReign()
    {
        _reignStart = _log.Last.Index.Next;
        _uncommittedBytes = 0;
        _heartbeatTick = _now;
        _isLeaseForfeited = false;
        _transfer = null;
        _peers = [.. OtherServers().Select(server => new PeerProgress(server, _reignStart, _now, _options))];
        // Only an entry of the own term commits by counting (Raft paper §5.4.2), so one is needed to commit what predecessors left.
        AppendOwn(EntryType.Noop, ReadOnlyMemory<byte>.Empty);
    }

    private void EndReign()
    {
        _peers = [];
        EndTransfer(failure: null);
    }

    private IEnumerable<RaftServer> OtherServers() => _configurations.Latest.Servers.Where(server => server.Id != _self);

    private PeerProgress? FindPeer(ServerId id)
    {
        foreach (PeerProgress peer in _peers)
        {
            if (peer.Id == id)
            {
                return peer;
            }
        }

        return null;
    }

    private void TickLeader()
    {
        // 1. Step down when a quorum has been silent for the lease: a new leader may already exist (thesis §6.2).
        long silence = _now - (long)ReachedByQuorum(peer => (ulong)peer.ContactTick, own: (ulong)_now);
        if (silence > _options.LeaderLeaseTicks)
        {
            BecomeFollower(_hard.Term, ServerId.None, $"no quorum was heard for {silence} ticks");
            return;
        }

        // 2. Keep followers quiet and find what was lost on the way.
        if (_now - _heartbeatTick >= _options.HeartbeatIntervalTicks)
        {
            _heartbeatTick = _now;
            BroadcastHeartbeat();
        }

        // 3. Give up what takes too long.
        TickTransfer();
        foreach (PeerProgress peer in _peers)
        {
            RetryChunk(peer);
        }
    }

    private void BroadcastHeartbeat()
    {
        foreach (PeerProgress peer in _peers)
        {
            // The commit index stays within what the follower acknowledged: behind that its log may still differ from ours.
            Send(new Heartbeat(_self, peer.Id, _hard.Term, LogIndex.Min(peer.Match, _log.Committed), _readRound, _now));
        }
    }

    private void OnHeartbeatReply(PeerProgress peer, HeartbeatReply reply)
    {
        if (reply.Round > _readRound || reply.SentTick > _now)
        {
            Trace(TraceLevel.Warning, $"dropped HeartbeatReply from {peer.Id}: it answers a heartbeat that was not sent");
            return;
        }

        peer.AckedSentTick = Math.Max(peer.AckedSentTick, reply.SentTick);
        if (reply.Round > peer.AckedRound)
        {
            peer.AckedRound = reply.Round;
            ConfirmReads();
        }

        // It lives but its acknowledgements stand still: a message was lost. An empty append finds out where the logs meet.
        if (_now - peer.ProgressTick >= _options.HeartbeatIntervalTicks && peer.Match < _log.Last.Index)
        {
            peer.ProgressTick = _now;
            peer.IsProbeSent = false;
            if (peer.State == ProgressState.Replicate)
            {
                SendAppend(peer, []);
            }
        }
    }

    /// <summary>The largest value that a majority of voters has reached; the leader's own is <paramref name="own"/>, if it votes.</summary>
    private ulong ReachedByQuorum(Func<PeerProgress, ulong> value, ulong own)
    {
        Span<ulong> values = stackalloc ulong[RaftLimits.ServersMax];
        int count = 0;
        if (IsVoter)
        {
            values[count++] = own;
        }

        foreach (PeerProgress peer in _peers)
        {
            if (peer.Server.IsVoter)
            {
                values[count++] = value(peer);
            }
        }

        return _rules.ReachedByQuorum(values[..count]);
    }
}
