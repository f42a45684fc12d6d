namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>
/// A host: node, disk, state machine and snapshots. Saves, applies and snapshot file work finish when the simulation says so.
/// </summary>
internal sealed class SimulatedPeer(ServerId id, RaftOptions options)
{
    private readonly Queue<object> _applies = new();
    private readonly Queue<SnapshotReadRequest> _reads = new();
    private readonly Dictionary<ulong, IReadOnlyList<RaftMessage>> _afterSave = [];

    /// <summary>Of entries handed out in this run.</summary>
    private readonly Dictionary<ulong, Term> _terms = [];
    private SnapshotWriteRequest? _write;
    private (SnapshotMeta Meta, List<byte> Data)? _partial;

    public ServerId Id { get; } = id;

    public SimulatedDisk Disk { get; } = new();

    public SimulatedMachine Machine { get; private set; } = new();

    public (SnapshotMeta Meta, byte[] Data)? Snapshot { get; private set; }

    public RaftNode? Node { get; private set; }

    public List<RaftMessage> Outbox { get; } = [];

    public List<ReadState> ReadStates { get; } = [];

    public List<TransferOutcome> Transfers { get; } = [];

    public Action<Ready> OnReady { get; set; } = static _ => { };

    public Action<RaftEntry> OnAppend { get; set; } = static _ => { };

    public Action<RaftEntry> OnApplied { get; set; } = static _ => { };

    public int InstalledSnapshots { get; private set; }

    public bool IsUp => Node is not null;

    public bool IsLeader => Node is { Role: RaftRole.Leader };

    public void Start(ulong seed, IRaftTrace? trace = null)
    {
        Machine = new SimulatedMachine();
        if (Snapshot is { } snapshot)
        {
            Machine.Load(snapshot.Data);
            Disk.ReconcileWith(snapshot.Meta.Last);
        }

        RaftInitialState state = new(Disk.HardState with { Commit = LogIndex.Min(Disk.HardState.Commit, Disk.Last.Index) },
            Snapshot?.Meta, _partial?.Meta, _partial?.Data.Count ?? 0);
        Node = new RaftNode(options with { Seed = seed }, Id, state, Disk, trace);
    }

    /// <summary>Everything in memory is gone; the disk keeps some of what was on the way to it.</summary>
    public void Crash(RaftRandom random) => Crash(random.Next(Disk.PendingCount + 1));

    public void Crash(int keptWrites)
    {
        Node = null;
        Disk.Crash(keptWrites);
        _applies.Clear();
        _reads.Clear();
        _afterSave.Clear();
        _terms.Clear();
        _write = null;
        Outbox.Clear();
        ReadStates.Clear();
        Transfers.Clear();
    }

    public void TakeReadys()
    {
        while (Node!.TryTakeReady(out Ready? ready))
        {
            OnReady(ready);
            Outbox.AddRange(ready.Messages);
            if (ready.NeedsSave)
            {
                Disk.Enqueue(ready);
                _afterSave.Add(ready.Number, ready.MessagesAfterSave);
            }

            foreach (RaftEntry entry in ready.Entries.Span)
            {
                OnAppend(entry);
                _terms[entry.Index.Value] = entry.Term;
            }

            if (ready.Snapshot is { } snapshot)
            {
                _terms[snapshot.Last.Index.Value] = snapshot.Last.Term;
                _applies.Enqueue(snapshot);
            }

            foreach (RaftEntry entry in ready.Committed.Span)
            {
                _applies.Enqueue(entry);
            }

            foreach (SnapshotReadRequest read in ready.SnapshotReads)
            {
                _reads.Enqueue(read);
            }

            _write = ready.SnapshotWrite ?? _write;
            ReadStates.AddRange(ready.ReadStates);
            if (ready.Transfer is { } transfer)
            {
                Transfers.Add(transfer);
            }

            if (ready.CompactTo is { } compact)
            {
                // Storage drops them after the save of this Ready; all of them are durable already.
                Disk.Compact(compact);
            }
        }
    }

    /// <summary>Of the entry before one that is being appended.</summary>
    public Term TermBefore(RaftEntry entry)
    {
        ulong before = entry.Index.Value - 1;
        return _terms.TryGetValue(before, out Term term) ? term : before >= Disk.Start.Index.Value ? Disk.TermAt(new LogIndex(before)) : default;
    }

    public bool FinishSave()
    {
        if (Disk.PendingCount == 0)
        {
            return false;
        }

        ulong number = Disk.CompleteNext();
        _afterSave.Remove(number, out IReadOnlyList<RaftMessage>? messages);
        Outbox.AddRange(messages!);
        Node!.Saved(number);
        return true;
    }

    public bool FinishApply()
    {
        if (!_applies.TryDequeue(out object? item))
        {
            return false;
        }

        if (item is SnapshotMeta meta)
        {
            Assert.Equal(meta, Snapshot!.Value.Meta);
            Machine.Load(Snapshot.Value.Data);
            Assert.Equal(meta.Last.Index, Machine.Applied);
            InstalledSnapshots++;
        }
        else
        {
            RaftEntry entry = (RaftEntry)item;
            Machine.Apply(entry);
            OnApplied(entry);
        }

        Node!.Applied(Machine.Applied);
        return true;
    }

    public bool FinishSnapshotIo()
    {
        if (_reads.TryDequeue(out SnapshotReadRequest? read))
        {
            if (Snapshot is { } snapshot && snapshot.Meta.Equals(read.Snapshot))
            {
                Node!.SnapshotChunkRead(read, snapshot.Data.AsMemory((int)read.Offset, read.Length));
            }
            else
            {
                Node!.SnapshotChunkReadFailed(read, "displaced");
            }

            return true;
        }

        if (_write is { } write)
        {
            _write = null;
            FinishWrite(write);
            return true;
        }

        return false;
    }

    public void TakeSnapshot()
    {
        LogIndex applied = Node!.AppliedIndex;
        // While a received snapshot waits to be loaded the machine is behind it.
        if (applied != Machine.Applied || applied.Value == 0 || (Snapshot is { } newest && newest.Meta.Last.Index >= applied))
        {
            return;
        }

        (RaftConfiguration configuration, LogIndex index) = Node.ConfigurationAt(applied);
        byte[] data = Machine.Save();
        SnapshotMeta meta = new(new EntryId(Disk.TermAt(applied), applied), configuration, index, data.Length, 0);
        Snapshot = (meta, data);
        Node.SnapshotTaken(meta);
    }

    /// <summary>Until nothing is left to do.</summary>
    public void Settle()
    {
        do
        {
            TakeReadys();
        }
        while (FinishSave() | FinishApply() | FinishSnapshotIo());
        TakeReadys();
    }

    private void FinishWrite(SnapshotWriteRequest write)
    {
        if (_partial is null || !_partial.Value.Meta.Equals(write.Snapshot))
        {
            _partial = (write.Snapshot, []);
        }

        List<byte> data = _partial.Value.Data;
        Assert.InRange(write.Offset, 0, data.Count);
        data.RemoveRange((int)write.Offset, data.Count - (int)write.Offset);
        data.AddRange(write.Data.Span);
        if (write.IsLast)
        {
            Assert.Equal(write.Snapshot.SizeBytes, data.Count);
            Snapshot = (write.Snapshot, data.ToArray());
            _partial = null;
        }

        Node!.SnapshotChunkWritten(write);
    }
}
