namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    private readonly List<SnapshotReadRequest> _snapshotReads = [];
    private EntryId? _compactTo;

    /// <summary>The host took a snapshot of its state machine and published it durably. Old entries are released in turn.</summary>
    public void SnapshotTaken(SnapshotMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        if (_snapshot is { } newest && meta.Last.Index <= newest.Last.Index)
        {
            return;
        }

        Invariant.Require(meta.Last.Index <= _log.Applied, $"{meta} contains entries that are not applied ({_log.Applied})");
        Invariant.Require(_log.Contains(meta.Last), $"{meta} ends with an entry that the log does not have");
        _snapshot = meta;
        _configurations.ForgetBefore(meta.Last.Index);
        LogIndex trailing = new(_log.Last.Index.Value - Math.Min(_log.Last.Index.Value, (ulong)_options.TrailingEntries));
        LogIndex compactTo = LogIndex.Min(meta.Last.Index, trailing);
        if (compactTo > _log.Start.Index)
        {
            _compactTo = _log.CompactTo(compactTo);
        }
    }

    /// <summary>The answer to a <see cref="SnapshotReadRequest"/>.</summary>
    public void SnapshotChunkRead(SnapshotReadRequest request, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (FindRead(request) is not { Transfer: { } transfer } peer)
        {
            return;
        }

        if (data.Length != request.Length)
        {
            SnapshotChunkReadFailed(request, $"{data.Length} bytes were read instead of {request.Length}");
            return;
        }

        transfer.IsReading = false;
        transfer.WaitingSince = _now;
        Send(new InstallSnapshot(_self, peer.Id, _hard.Term, transfer.Snapshot, transfer.Offset, data));
    }

    /// <summary>The snapshot could not be read (perhaps a newer one displaced it). It is tried again, from the newest, after a while.</summary>
    public void SnapshotChunkReadFailed(SnapshotReadRequest request, string reason)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (FindRead(request) is not { } peer)
        {
            return;
        }

        Trace(TraceLevel.Warning, $"{request.Snapshot} for {request.Peer} cannot be read at {request.Offset}: {reason}");
        peer.BecomeSnapshot(new SnapshotTransfer(_snapshot!) { WaitingSince = _now });
    }

    private PeerProgress? FindRead(SnapshotReadRequest request) =>
        FindPeer(request.Peer) is { Transfer: { IsReading: true } transfer } peer
            && transfer.Snapshot.Equals(request.Snapshot) && transfer.Offset == request.Offset
            ? peer : null;

    private void BeginSnapshot(PeerProgress peer)
    {
        SnapshotMeta? snapshot = _snapshot;
        Invariant.Require(snapshot is not null, $"entries up to {_log.Start} are compacted without a snapshot");
        Trace(TraceLevel.Information, $"{peer.Id} needs entry {peer.Next}, the log starts after {_log.Start}: sending {snapshot}");
        peer.BecomeSnapshot(new SnapshotTransfer(snapshot));
        AskForChunk(peer);
    }

    private void AskForChunk(PeerProgress peer)
    {
        SnapshotTransfer transfer = peer.Transfer!;
        int length = (int)Math.Min(_options.SnapshotChunkBytes, transfer.Snapshot.SizeBytes - transfer.Offset);
        transfer.IsReading = true;
        _snapshotReads.Add(new SnapshotReadRequest(peer.Id, transfer.Snapshot, transfer.Offset, length));
    }

    /// <summary>A piece or its answer was lost, or reading failed. A peer that is silent altogether is left alone.</summary>
    private void RetryChunk(PeerProgress peer)
    {
        if (peer.Transfer is { IsReading: false } transfer
            && _now - transfer.WaitingSince >= _options.ElectionTimeoutTicks
            && _now - peer.ContactTick < _options.ElectionTimeoutTicks)
        {
            AskForChunk(peer);
        }
    }

    private void OnInstallReply(PeerProgress peer, InstallSnapshotReply reply)
    {
        if (reply.IsInstalled)
        {
            if (reply.Snapshot.Index <= _log.Last.Index)
            {
                OnMatch(peer, reply.Snapshot.Index);
            }

            return;
        }

        // A doubled answer repeats the offset that is on the way already.
        if (peer.Transfer is { } transfer && transfer.Snapshot.Last == reply.Snapshot
            && reply.NextOffset != transfer.Offset && reply.NextOffset < transfer.Snapshot.SizeBytes)
        {
            transfer.Offset = reply.NextOffset;
            AskForChunk(peer);
        }
    }
}
