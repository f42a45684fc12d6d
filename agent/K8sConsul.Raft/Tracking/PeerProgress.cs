namespace K8sConsul.Raft;

/// <summary>A leader's view of one other peer. <code>Match &lt; Next ≤ Last + 1</code></summary>
internal sealed class PeerProgress(RaftServer server, LogIndex next, long now, RaftOptions options)
{
    public ServerId Id => Server.Id;

    /// <summary>As in the latest configuration.</summary>
    public RaftServer Server { get; set; } = server;

    public ProgressState State { get; private set; } = ProgressState.Probe;

    /// <summary>Durable there and equal to our log. Never falls within a reign.</summary>
    public LogIndex Match { get; private set; }

    public LogIndex Next { get; private set; } = next;

    /// <summary>In state Probe: a message is on the way; nothing more until it is answered or a heartbeat is.</summary>
    public bool IsProbeSent { get; set; }

    public Inflights Inflights { get; } = new(options.InflightMessagesMax, options.InflightBytesMax);

    /// <summary>The commit index it can have learnt from what was sent.</summary>
    public LogIndex CommitSent { get; set; }

    /// <summary>When anything came from it; starts at the beginning of the reign, so that a new leader's lease holds.</summary>
    public long ContactTick { get; set; } = now;

    /// <summary>When its match last moved or an append was last sent to it after a pause.</summary>
    public long ProgressTick { get; set; } = now;

    /// <summary>Newest read round it has answered.</summary>
    public ulong AckedRound { get; set; }

    /// <summary>Our clock when we sent the newest heartbeat that it has answered; lease reads count from here. Negative: none yet.</summary>
    public long AckedSentTick { get; set; } = -1;

    /// <summary>Set in state Snapshot only.</summary>
    public SnapshotTransfer? Transfer { get; private set; }

    /// <summary>The peer holds our log up to <paramref name="index"/>.</summary>
    /// <returns>Whether it is news.</returns>
    public bool MatchTo(LogIndex index)
    {
        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = LogIndex.Max(Next, index.Next);
        return true;
    }

    public void BecomeProbe(LogIndex next)
    {
        State = ProgressState.Probe;
        Next = LogIndex.Max(next, Match.Next);
        IsProbeSent = false;
        Transfer = null;
        Inflights.Clear();
    }

    public void BecomeReplicate()
    {
        State = ProgressState.Replicate;
        Next = Match.Next;
        IsProbeSent = false;
        Transfer = null;
        Inflights.Clear();
    }

    public void BecomeSnapshot(SnapshotTransfer transfer)
    {
        State = ProgressState.Snapshot;
        IsProbeSent = false;
        Transfer = transfer;
        Inflights.Clear();
    }

    /// <summary>Entries up to <paramref name="last"/> were sent while replicating.</summary>
    public void Sent(LogIndex last, long bytes)
    {
        Next = last.Next;
        Inflights.Add(last, bytes);
    }
}

/// <summary>A snapshot on its way to one follower, one piece at a time.</summary>
internal sealed class SnapshotTransfer(SnapshotMeta snapshot)
{
    public SnapshotMeta Snapshot { get; } = snapshot;

    /// <summary>Of the piece that is being read, sent or awaited.</summary>
    public long Offset { get; set; }

    /// <summary>The host has been asked for the piece and has not answered.</summary>
    public bool IsReading { get; set; }

    /// <summary>When the piece was sent, or reading it failed; after an election time-out it is tried again.</summary>
    public long WaitingSince { get; set; }
}
