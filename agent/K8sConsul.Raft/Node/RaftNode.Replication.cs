namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>Sends to one follower what it may get now. Called once per Ready, so that proposals between two Readys share messages.</summary>
    private void Replicate(PeerProgress peer)
    {
        while (peer.State != ProgressState.Snapshot)
        {
            bool hasEntries = peer.Next <= _log.Last.Index;
            // A probe without entries is news too: until it is answered nobody knows that the follower lags.
            bool hasNews = hasEntries || _log.Committed > peer.CommitSent || (peer.State == ProgressState.Probe && peer.Match < _log.Last.Index);
            bool isHeld = peer.State == ProgressState.Probe ? peer.IsProbeSent : hasEntries && peer.Inflights.IsFull;
            if (!hasNews || isHeld)
            {
                return;
            }

            if (!_log.TryTermAt(peer.Next.Previous, out _))
            {
                BeginSnapshot(peer);
                return;
            }

            if (!hasEntries && peer.State == ProgressState.Replicate)
            {
                SendCommit(peer);
                return;
            }

            RaftEntry[] entries = hasEntries
                ? _log.Read(peer.Next, _log.Last.Index, _options.AppendEntriesMax, _options.AppendBytesMax)
                : [];
            SendAppend(peer, entries);
        }
    }

    private void SendAppend(PeerProgress peer, RaftEntry[] entries)
    {
        LogIndex previous = peer.Next.Previous;
        if (!_log.TryTermAt(previous, out Term term))
        {
            BeginSnapshot(peer);
            return;
        }

        LogIndex last = previous + (ulong)entries.Length;
        Send(new AppendEntries(_self, peer.Id, _hard.Term, new EntryId(term, previous), _log.Committed, entries));
        peer.CommitSent = LogIndex.Max(peer.CommitSent, LogIndex.Min(_log.Committed, last));
        if (peer.State == ProgressState.Probe)
        {
            peer.IsProbeSent = true;
        }
        else if (entries.Length > 0)
        {
            if (peer.Inflights.Count == 0)
            {
                peer.ProgressTick = _now;
            }

            peer.Sent(last, entries.Sum(entry => (long)entry.SizeBytes));
        }
    }

    private void SendCommit(PeerProgress peer)
    {
        bool hasTerm = _log.TryTermAt(_log.Committed, out Term term);
        Invariant.Require(hasTerm, $"the committed entry {_log.Committed} is not in the log");
        Send(new CommitNotice(_self, peer.Id, _hard.Term, new EntryId(term, _log.Committed)));
        peer.CommitSent = _log.Committed;
    }

    private void OnAppendReply(PeerProgress peer, AppendEntriesReply reply)
    {
        if (!reply.IsSuccess)
        {
            OnAppendRefused(peer, reply);
            return;
        }

        if (reply.Index > _log.Last.Index)
        {
            Trace(TraceLevel.Warning, $"dropped AppendEntriesReply from {peer.Id}: it has {reply.Index}, our log ends with {_log.Last}");
            return;
        }

        OnMatch(peer, reply.Index);
    }

    /// <summary>The follower holds our log up to <paramref name="match"/>, durably.</summary>
    private void OnMatch(PeerProgress peer, LogIndex match)
    {
        bool isNews = peer.MatchTo(match);
        if (isNews)
        {
            peer.ProgressTick = _now;
        }

        switch (peer.State)
        {
            case ProgressState.Probe when isNews || match == peer.Match:
                Trace(TraceLevel.Debug, $"{peer.Id} matches at {match}: replicating");
                peer.BecomeReplicate();
                break;
            case ProgressState.Replicate:
                peer.Inflights.FreeTo(match);
                break;
            case ProgressState.Snapshot when peer.Match >= peer.Transfer!.Snapshot.Last.Index:
                Trace(TraceLevel.Information, $"{peer.Id} has {peer.Transfer.Snapshot}: replicating from {peer.Match.Value + 1}");
                peer.BecomeReplicate();
                break;
        }

        if (isNews)
        {
            MaybeCommit();
            MaybeHandOver();
        }
    }

    private void OnAppendRefused(PeerProgress peer, AppendEntriesReply reply)
    {
        // Late answers: replication has proven more since, or the probe is another one by now.
        bool isLate = peer.State switch
        {
            ProgressState.Replicate => reply.Index <= peer.Match,
            ProgressState.Probe => reply.Index != peer.Next.Previous || reply.Index <= peer.Match,
            _ => true,
        };
        if (isLate)
        {
            return;
        }

        // Our log skips back over all terms that the follower's hint rules out (Raft paper §5.3, last paragraph). Where our log does not reach back
        // to the hint, the next attempt to send finds that out and turns to a snapshot.
        LogIndex meet = LogIndex.Min(reply.Hint.Index, reply.Index.Previous);
        if (meet > _log.Start.Index)
        {
            meet = _log.FindByTerm(meet, reply.Hint.Term).Index;
        }

        Trace(TraceLevel.Debug, $"{peer.Id} refused {reply.Index}, hint {reply.Hint}: probing behind {meet}");
        peer.BecomeProbe(meet.Next);
    }
}
