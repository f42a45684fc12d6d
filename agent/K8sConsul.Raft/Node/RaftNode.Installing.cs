namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    private IncomingSnapshot? _incoming;
    private SnapshotWriteRequest? _snapshotWrite;

    /// <summary>Installed, to be reset to and loaded with the next Ready.</summary>
    private SnapshotMeta? _installed;

    private void OnInstallSnapshot(InstallSnapshot install)
    {
        SnapshotMeta snapshot = install.Snapshot;
        if (snapshot.Last.Index <= _log.Committed)
        {
            ReplyInstalled(install.From, snapshot.Last);
            return;
        }

        if (_log.Contains(snapshot.Last))
        {
            // All of it is in our log: commit instead of starting anew (Raft paper §7).
            CommitAsFollower(snapshot.Last.Index);
            ReplyInstalled(install.From, snapshot.Last);
            return;
        }

        // Until the host has answered for the last piece nothing else is begun; the leader repeats.
        if (_incoming is { IsWriting: true })
        {
            return;
        }

        if (_incoming is null || !_incoming.Snapshot.Equals(snapshot))
        {
            Trace(TraceLevel.Information, $"receiving {snapshot} from {install.From}");
            _incoming = new IncomingSnapshot(snapshot);
        }

        if (install.Offset != _incoming.NextOffset)
        {
            Send(new InstallSnapshotReply(_self, install.From, _hard.Term, snapshot.Last, _incoming.NextOffset, IsInstalled: false));
            return;
        }

        _incoming.IsWriting = true;
        _snapshotWrite = new SnapshotWriteRequest(snapshot, install.Offset, install.Data, install.IsLast);
    }

    /// <summary>The answer to a <see cref="SnapshotWriteRequest"/>; see there what "written" means for the last piece.</summary>
    public void SnapshotChunkWritten(SnapshotWriteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Invariant.Require(
            _incoming is { IsWriting: true } && _incoming.Snapshot.Equals(request.Snapshot), $"no piece of {request.Snapshot} is being written");
        _incoming.IsWriting = false;
        _incoming.NextOffset = request.Offset + request.Data.Length;
        if (request.IsLast)
        {
            _incoming = null;
            Install(request.Snapshot);
        }
        else if (!_leader.IsNone && _role == RaftRole.Follower)
        {
            Send(new InstallSnapshotReply(_self, _leader, _hard.Term, request.Snapshot.Last, _incoming.NextOffset, IsInstalled: false));
        }
    }

    /// <summary>The piece could not be stored, or the whole is damaged. It is received anew when the leader repeats.</summary>
    public void SnapshotChunkWriteFailed(SnapshotWriteRequest request, string reason)
    {
        ArgumentNullException.ThrowIfNull(request);
        Trace(TraceLevel.Warning, $"{request.Snapshot} cannot be stored at {request.Offset}: {reason}");
        _incoming = null;
    }

    /// <summary>A snapshot holds committed state, so installing it is right in whatever term and role we are by now.</summary>
    private void Install(SnapshotMeta snapshot)
    {
        if (snapshot.Last.Index > _log.Committed && !_log.Contains(snapshot.Last))
        {
            Invariant.Require(_role != RaftRole.Leader, $"the leader's log would be replaced by {snapshot}");
            Trace(TraceLevel.Information, $"{snapshot} replaces the log {_log.Start}..{_log.Last}");
            TruncateSaves(default);
            _log.Restore(snapshot.Last);
            _configurations.Reset(snapshot.ConfigurationIndex, snapshot.Configuration);
            _snapshot = _installed = snapshot;
            _compactTo = null;
            OnConfigurationMoved();
        }

        if (_role == RaftRole.Follower && !_leader.IsNone)
        {
            ReplyInstalled(_leader, snapshot.Last);
        }
    }

    private void ReplyInstalled(ServerId leader, EntryId snapshot) =>
        SendAfterSave(new InstallSnapshotReply(_self, leader, _hard.Term, snapshot, NextOffset: 0, IsInstalled: true));

    /// <summary>A snapshot that arrives piece by piece.</summary>
    private sealed class IncomingSnapshot(SnapshotMeta snapshot)
    {
        public SnapshotMeta Snapshot { get; } = snapshot;

        /// <summary>All before it is stored.</summary>
        public long NextOffset { get; set; }

        /// <summary>The host has a piece and has not answered.</summary>
        public bool IsWriting { get; set; }
    }
}
