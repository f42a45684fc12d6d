using K8sConsul.Raft;
using K8sConsul.State.Snapshots;
using K8sConsul.Storage;

namespace K8sConsul.Server.Consensus;

/// <summary>Snapshots: taken from an immutable version of the state while writes go on, and carried to peers that are far behind.</summary>
public sealed partial class RaftHost
{
    private readonly SemaphoreSlim _snapshotting = new(1, 1);
    private IIncomingSnapshot? _incoming;
    private SnapshotMeta? _incomingMeta;
    private ulong _lastSnapshotIndex;

    /// <summary>Takes a snapshot of what is applied now, unless the last one is that.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public async Task TakeSnapshotAsync(CancellationToken cancellationToken)
    {
        await _snapshotting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long started = _time.GetTimestamp();
            AppliedPoint applied = _applied;
            _metrics.FsmSnapshot.Since(started);
            if (applied.Last.Index.Value <= Volatile.Read(ref _lastSnapshotIndex) || applied.IsRestoring)
            {
                return;
            }

            SnapshotMeta meta = await Task.Run(() => WriteSnapshot(applied), cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _lastSnapshotIndex, applied.Last.Index.Value);
            await ReportAsync(node => node.SnapshotTaken(meta)).ConfigureAwait(false);
            _metrics.TakeSnapshot.Since(started);
            LogSnapshotTaken(applied.Last.Index.Value, applied.Last.Term.Value);
        }
        finally
        {
            _snapshotting.Release();
        }
    }

    private SnapshotMeta WriteSnapshot(AppliedPoint applied)
    {
        long started = _time.GetTimestamp();
        using ISnapshotWriter writer = _storage.Snapshots.Create(applied.Last, applied.Configuration, applied.ConfigurationIndex);
        long created = _time.GetTimestamp();
        _metrics.SnapshotCreate.Between(started, created);
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(applied.State))
        {
            writer.Write(piece.Span);
        }

        _stateMachineMetrics.Persist.Since(created);
        SnapshotMeta meta = writer.Publish();
        _metrics.SnapshotPersist.Since(created);
        return meta;
    }

    private void LoadSnapshot(SnapshotMeta meta)
    {
        long started = _time.GetTimestamp();
        _store.Replace(SnapshotLoading.Load(_storage.Snapshots, meta), meta.Last.Index.Value);
        _metrics.FsmRestore.Since(started);
        _applied = new AppliedPoint(_store.Current, meta.Last, meta.Configuration, meta.ConfigurationIndex, IsRestoring: false);
        Volatile.Write(ref _lastSnapshotIndex, meta.Last.Index.Value);
        WakeReads(meta.Last.Index.Value);
    }

    private void CarryOutSnapshots(Ready ready)
    {
        foreach (SnapshotReadRequest request in ready.SnapshotReads)
        {
            _background.Own(WatchStorageAsync(Task.Run(() => ReadChunk(request))));
        }

        if (ready.SnapshotWrite is { } write)
        {
            _background.Own(WatchStorageAsync(Task.Run(() => WriteChunk(write))));
        }
    }

    private void ReadChunk(SnapshotReadRequest request)
    {
        try
        {
            using ISnapshotReader file = _storage.Snapshots.Open(request.Snapshot);
            byte[] data = new byte[request.Length];
            int read = file.Read(request.Offset, data);
            Report(node => node.SnapshotChunkRead(request, data.AsMemory(0, read)));
        }
        catch (StorageException failure)
        {
            LogSnapshotSendFailed(request.Peer.ToString(), failure.Message);
            Report(node => node.SnapshotChunkReadFailed(request, failure.Message));
        }
    }

    /// <summary>The core asks for one piece at a time, so nothing here runs twice at once.</summary>
    private void WriteChunk(SnapshotWriteRequest request)
    {
        try
        {
            if (_incoming is null || _incomingMeta != request.Snapshot)
            {
                _incoming?.Dispose();
                _incoming = _storage.Snapshots.Receive(request.Snapshot);
                _incomingMeta = request.Snapshot;
            }

            _incoming.Write(request.Offset, request.Data.Span);
            if (request.IsLast)
            {
                _incoming.Publish();
                _incoming.Dispose();
                _incoming = null;
                _incomingMeta = null;
            }

            Report(node => node.SnapshotChunkWritten(request));
        }
        catch (StorageException failure)
        {
            LogSnapshotReceiveFailed(failure.Message);
            _incoming?.Dispose();
            _incoming = null;
            _incomingMeta = null;
            Report(node => node.SnapshotChunkWriteFailed(request, failure.Message));
        }
    }

    private async Task SnapshotLoopAsync()
    {
        var random = new Random();
        try
        {
            while (true)
            {
                await Task.Delay(_options.SnapshotInterval * (1 + random.NextDouble()), _time, _stopping.Token).ConfigureAwait(false);
                if (AppliedIndex < Volatile.Read(ref _lastSnapshotIndex) + _options.SnapshotThreshold)
                {
                    continue;
                }

                try
                {
                    await TakeSnapshotAsync(_stopping.Token).ConfigureAwait(false);
                }
                catch (StorageException failure)
                {
                    LogSnapshotFailed(failure.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
        catch (ConsensusException)
        {
            // The loop has ended; its own task carries the reason.
        }
    }
}
