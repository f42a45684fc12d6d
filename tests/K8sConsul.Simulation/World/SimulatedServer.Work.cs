using K8sConsul.Raft;
using K8sConsul.Simulation.Bugs;
using K8sConsul.Storage;

namespace K8sConsul.Simulation.World;

/// <summary>Carrying out what the core wants: saves, messages, snapshots.</summary>
internal sealed partial class SimulatedServer
{
    private readonly Queue<object> _inbox = new();
    private readonly Queue<(Ready Ready, Task Durable)> _saves = new();
    private readonly Queue<object> _snapshotWork = new();

    /// <summary>Terms of entries that were appended in this life, for the checker.</summary>
    private readonly Dictionary<ulong, Term> _terms = [];
    private bool _isFlushing;
    private bool _isApplying;
    private bool _isDoingSnapshots;
    private IIncomingSnapshot? _incoming;
    private SnapshotMeta? _incomingMeta;
    private long _leaseEnd;
    private LogIndex _committed;

    /// <summary>The disk gets to what waits for it.</summary>
    public void Flush()
    {
        _isFlushing = false;
        _log.FlushOnce();
        while (_saves.TryPeek(out (Ready Ready, Task Durable) save) && save.Durable.IsCompleted)
        {
            if (save.Durable.IsFaulted)
            {
                _world.Died(this, save.Durable.Exception!.InnerException!.Message, isDiskLost: false);
                return;
            }

            _saves.Dequeue();
            SendAll(save.Ready.MessagesAfterSave);
            Node!.Saved(save.Ready.Number);
        }

        Work();
    }

    public void DoSnapshotWork()
    {
        _isDoingSnapshots = false;
        if (_snapshotWork.TryDequeue(out object? work))
        {
            try
            {
                if (work is SnapshotReadRequest read)
                {
                    ReadChunk(read);
                }
                else
                {
                    WriteChunk((SnapshotWriteRequest)work);
                }
            }
            catch (StorageException failure) when (Disk.IsOff)
            {
                _world.Died(this, failure.Message, isDiskLost: false);
                return;
            }

            Work();
        }
    }

    /// <summary>Writes a snapshot of what is applied.</summary>
    public void TakeSnapshot()
    {
        LogIndex applied = Applied.Last.Index;
        if (applied == default || applied <= Node!.Stats().LastSnapshot.Index || IsPaused)
        {
            return;
        }

        try
        {
            EntryId claimed = Applied.Last;
            if (_bug == Bug.SnapshotClaimsTooMuch && Node.AppliedIndex == applied && Node.CommitIndex > applied && _log.Last.Index > applied)
            {
                claimed = new EntryId(_log.TermAt(applied.Next), applied.Next);
            }

            SnapshotMeta meta;
            using (ISnapshotWriter writer = _storage!.Snapshots.Create(claimed, Applied.Configuration, Applied.ConfigurationIndex))
            {
                foreach (ReadOnlyMemory<byte> piece in StateBytes())
                {
                    writer.Write(piece.Span);
                }

                meta = writer.Publish();
            }

            _world.Coverage.Hit("snapshot taken");
            if (_bug != Bug.SnapshotClaimsTooMuch)
            {
                _world.Checker.Snapshot(Id, meta);
            }

            if (claimed == Applied.Last)
            {
                Node.SnapshotTaken(meta);
            }
        }
        catch (StorageException failure)
        {
            if (Disk.IsOff)
            {
                _world.Died(this, failure.Message, isDiskLost: false);
                return;
            }

            // The real host logs it and tries again later.
            _world.Coverage.Hit("snapshot failed on the disk");
        }

        Work();
    }

    private IEnumerable<ReadOnlyMemory<byte>> StateBytes() => K8sConsul.State.Snapshots.SnapshotWriter.Write(State);

    /// <summary>Everything that the core has to hand out.</summary>
    private void Work()
    {
        while (IsUp && Node!.TryTakeReady(out Ready? ready))
        {
            CarryOut(ready);
        }

        if (IsUp)
        {
            long left = Node!.LeaseTicksLeft();
            _leaseEnd = left == 0 ? 0 : (Math.Min(left, int.MaxValue) + _ticks) * SimulatedTime.Tick;
        }
    }

    private void CarryOut(Ready ready)
    {
        _committed = Node!.CommitIndex;
        if (ready.NeedsSave)
        {
            Save(ready);
        }

        SendAll(ready.Messages);
        foreach (StateChange change in ready.StateChanges)
        {
            Changed(change);
        }

        if (ready.Snapshot is { } snapshot)
        {
            _terms[snapshot.Last.Index.Value] = snapshot.Last.Term;
            _applies.Enqueue(new Applying(snapshot, default, []));
            Begin(ref _isApplying, ServerWork.Apply);
        }

        if (!ready.Committed.IsEmpty)
        {
            _applies.Enqueue(new Applying(null, ready.Committed, TakePlaced(ready.Committed.Span)));
            Begin(ref _isApplying, ServerWork.Apply);
        }

        foreach (ReadState read in ready.ReadStates)
        {
            AnswerRead(read);
        }

        if (ready.Transfer is { } transfer)
        {
            _world.Coverage.Hit(transfer.Failure is null ? "leadership handed over" : "handing over failed");
        }

        foreach (SnapshotReadRequest read in ready.SnapshotReads)
        {
            _snapshotWork.Enqueue(read);
        }

        if (ready.SnapshotWrite is { } write)
        {
            _snapshotWork.Enqueue(write);
        }

        if (_snapshotWork.Count > 0)
        {
            Begin(ref _isDoingSnapshots, ServerWork.SnapshotIo);
        }
    }

    private void Save(Ready ready)
    {
        foreach (RaftEntry entry in ready.Entries.Span)
        {
            _world.Checker.Appended(Id, entry, TermBefore(entry.Index));
            _terms[entry.Index.Value] = entry.Term;
        }

        if (!ready.Entries.IsEmpty && ready.Entries.Span[0].Index <= _log.Last.Index)
        {
            _world.Coverage.Hit("conflicting entries replaced");
        }

        Task durable = _log.AppendAsync(LogWrite.From(ready));
        if (_bug == Bug.AcknowledgeBeforeSaving)
        {
            SendAll(ready.MessagesAfterSave);
            Node!.Saved(ready.Number);
        }
        else
        {
            _saves.Enqueue((ready, durable));
        }

        if (ready.CompactTo is { } entryId)
        {
            _world.Coverage.Hit("log compacted");

            // A failure shows at the next save too, which the log refuses then.
            _ = _log.CompactAsync(entryId).ContinueWith(static task => task.Exception, TaskScheduler.Default);
        }

        Begin(ref _isFlushing, ServerWork.Flush);
    }

    private Term TermBefore(LogIndex index)
    {
        if (_terms.TryGetValue(index.Value - 1, out Term term))
        {
            return term;
        }

        LogIndex before = index.Previous;
        return before >= _log.Start.Index && before <= _log.Last.Index ? _log.TermAt(before) : default;
    }

    private void Changed(StateChange change)
    {
        if (change.To == RaftRole.Leader)
        {
            _world.Coverage.Hit("leader elected");
            _world.Checker.Leads(Id, change.Term, Node!, _log);
        }
        else if (change.From == RaftRole.Leader)
        {
            _world.Coverage.Hit(change.Reason.StartsWith("no quorum", StringComparison.Ordinal) ? "leader stepped down: no quorum" : "leader stepped down");
        }
        else if (change is { From: RaftRole.PreCandidate, To: RaftRole.Follower })
        {
            _world.Coverage.Hit("pre-vote ended without an election");
        }

        if (change.From == RaftRole.Leader && _bug != Bug.IgnoreTermOfProposal)
        {
            while (_placed.TryDequeue(out Placed placed))
            {
                _world.Coverage.Hit("proposal of unknown outcome");
                _world.Answer(placed.Call, CallOutcome.Unknown);
            }
        }
    }

    private void ReadChunk(SnapshotReadRequest request)
    {
        try
        {
            using ISnapshotReader file = _storage!.Snapshots.Open(request.Snapshot);
            byte[] data = new byte[request.Length];
            int read = file.Read(request.Offset, data);
            Node!.SnapshotChunkRead(request, data.AsMemory(0, read));
        }
        catch (StorageException failure) when (!Disk.IsOff)
        {
            _world.Coverage.Hit("snapshot to be sent cannot be read");
            Node!.SnapshotChunkReadFailed(request, failure.Message);
        }
    }

    private void WriteChunk(SnapshotWriteRequest request)
    {
        try
        {
            if (_incoming is null || _incomingMeta != request.Snapshot)
            {
                _incoming?.Dispose();
                _incoming = _storage!.Snapshots.Receive(request.Snapshot);
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

            Node!.SnapshotChunkWritten(request);
        }
        catch (StorageException failure) when (!Disk.IsOff)
        {
            _world.Coverage.Hit("received snapshot cannot be written");
            _incoming?.Dispose();
            _incoming = null;
            _incomingMeta = null;
            Node!.SnapshotChunkWriteFailed(request, failure.Message);
        }
    }

    private void SendAll(IReadOnlyList<RaftMessage> messages)
    {
        foreach (RaftMessage message in messages)
        {
            _world.Send(message);
        }
    }

    private void Begin(ref bool isUnderWay, ServerWork work)
    {
        if (!isUnderWay)
        {
            isUnderWay = true;
            _world.Schedule(this, work);
        }
    }
}
