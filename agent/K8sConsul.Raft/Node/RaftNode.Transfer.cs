namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>While set, proposals are refused so that the target can catch up (thesis §3.10).</summary>
    private PendingTransfer? _transfer;
    private TransferOutcome? _transferOutcome;

    /// <summary>
    /// Hands leadership to <paramref name="target"/>, or to the most caught-up voter. The end comes as a <see cref="TransferOutcome"/>, at the latest
    /// after <see cref="RaftOptions.ElectionTimeoutTicks"/>.
    /// </summary>
    public ProposeResult TransferLeadership(ServerId target = default)
    {
        if (_role != RaftRole.Leader)
        {
            return Refuse(_leader.IsNone ? Refusal.NoLeader : Refusal.NotLeader);
        }

        if (_transfer is not null)
        {
            return Refuse(Refusal.Transferring);
        }

        PeerProgress? peer = target.IsNone ? MostCaughtUpVoter() : FindPeer(target);
        if (peer is not { Server.IsVoter: true })
        {
            return ProposeResult.Refused(Refusal.InvalidTarget, _leader, target.IsNone ? "there is no other voter" : $"{target} is not another voter");
        }

        Trace(TraceLevel.Information, $"transferring leadership to {peer.Id}");
        _transfer = new PendingTransfer(peer.Id, _now + _options.ElectionTimeoutTicks);
        MaybeHandOver();
        return new ProposeResult(_log.Last, Refusal.None, peer.Id);
    }

    private PeerProgress? MostCaughtUpVoter() =>
        _peers.Where(peer => peer.Server.IsVoter).MaxBy(peer => (peer.Match, peer.ContactTick));

    /// <summary>Once the target has everything it may start; nothing was accepted meanwhile.</summary>
    private void MaybeHandOver()
    {
        if (_transfer is { IsSent: false } transfer && FindPeer(transfer.Target) is { } peer && peer.Match == _log.Last.Index)
        {
            transfer.IsSent = true;
            // From here on another leader may exist at any moment, however long the message takes.
            _isLeaseForfeited = true;
            Send(new TimeoutNow(_self, transfer.Target, _hard.Term));
        }
    }

    private void TickTransfer()
    {
        if (_transfer is { } transfer && _now >= transfer.Deadline)
        {
            EndTransfer($"{transfer.Target} did not take over within {_options.ElectionTimeoutTicks} ticks");
        }
    }

    private void EndTransfer(string? failure)
    {
        if (_transfer is { } transfer)
        {
            Trace(TraceLevel.Information, $"leadership transfer to {transfer.Target} ended: {failure ?? "no longer leading"}");
            _transferOutcome = new TransferOutcome(transfer.Target, failure);
            _transfer = null;
        }
    }

    private sealed class PendingTransfer(ServerId target, long deadline)
    {
        public ServerId Target { get; } = target;

        public long Deadline { get; } = deadline;

        public bool IsSent { get; set; }
    }
}
