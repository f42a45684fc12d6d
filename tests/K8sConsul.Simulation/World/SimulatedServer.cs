using K8sConsul.Raft;
using K8sConsul.Simulation.Bugs;
using K8sConsul.State;
using K8sConsul.Storage;

namespace K8sConsul.Simulation.World;

/// <summary>
/// A host as a real server is one, in single steps: the real consensus core, the real log and snapshots on a simulated disk, the real
/// state. It keeps the order of the real one's loop: inputs, then ticks, then what the core wants done.
/// </summary>
internal sealed partial class SimulatedServer
{
    private const string Directory = "/raft";
    private readonly IWorld _world;
    private readonly RaftOptions _options;
    private readonly RaftRandom _random;
    private readonly Bug _bug;
    private readonly int _ratePercent;
    private RaftStorage? _storage;
    private WriteAheadLog _log = null!;
    private StateStore _store = new();
    private (EntryId Last, HardState HardState) _durable;
    private long _started;
    private long _ticks;

    public SimulatedServer(IWorld world, ServerId id, RaftOptions options, RaftRandom random, Bug bug, int ratePercent)
    {
        _world = world;
        _options = options;
        _random = random;
        _bug = bug;
        _ratePercent = ratePercent;
        Id = id;
        Disk = new SimulatedDisk(new RaftRandom(random.NextUInt64())) { IgnoresFlushes = bug == Bug.SkipTheFlush };
    }

    public ServerId Id { get; }

    public SimulatedDisk Disk { get; }

    public RaftNode? Node { get; private set; }

    public bool IsUp => Node is not null;

    public bool IsLeader => Node is { Role: RaftRole.Leader };

    /// <summary>Counts starts, so that work of an earlier life is known for that.</summary>
    public int Life { get; private set; }

    /// <summary>Its disk was found damaged, or was lost: it stays away until it is replaced.</summary>
    public bool IsLost { get; set; }

    public long PausedUntil { get; private set; }

    public bool IsPaused => PausedUntil > _world.Now;

    /// <summary>Flushes take this much longer until the time named.</summary>
    public (int Extra, long Until) SlowDisk { get; set; }

    public AppliedState Applied { get; private set; } = AppliedState.Nothing;

    public StateSnapshot State => _store.Current;

    /// <summary>What was durable before the last stop and is not there any more; null when nothing is missing.</summary>
    public string? HasForgotten { get; private set; }

    /// <summary>Opens what is on the disk and begins to take part.</summary>
    /// <exception cref="StorageException">The disk is damaged, or fails.</exception>
    public void Start()
    {
        Disk.PowerOn();
        Life++;
        Clear();
        _store = new StateStore();
        Applied = AppliedState.Nothing;
        HasForgotten = null;
        OpenStorage();
        CompareWithBefore();
        RaftInitialState initial = _storage!.InitialState();
        if (initial.Snapshot is { } snapshot)
        {
            Load(snapshot);
            _world.Coverage.Hit("started from a snapshot");
        }

        if (initial.PartialSnapshot is not null)
        {
            _world.Coverage.Hit("resumes a transfer after a restart");
        }

        if (_bug == Bug.LoseVoteOnRestart)
        {
            initial = initial with { HardState = initial.HardState with { Vote = ServerId.None } };
        }

        Node = new RaftNode(_options with { Seed = _random.NextUInt64() | 1 }, Id, initial, _log, trace: null, BrokenRules.With(_bug));
        _started = _world.Now;
        _ticks = 0;
        _leaseEnd = 0;
        _world.Schedule(this, ServerWork.Tick);
    }

    public void Bootstrap(RaftConfiguration configuration)
    {
        Disk.PowerOn();
        OpenStorage();
        Task<bool> done = _storage!.BootstrapAsync(configuration);
        Stop();
        if (!done.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("bootstrapping did not end at once", done.Exception);
        }
    }

    public void Wipe()
    {
        Disk.Wipe();
        _durable = default;
        IsLost = false;
    }

    /// <summary>In good order: what waits is written and the log is marked as closed.</summary>
    public void Stop()
    {
        ValueTask closing = _storage!.DisposeAsync();
        if (!closing.IsCompletedSuccessfully)
        {
            // The disk fails at the very end: as if the process had died.
            _world.Coverage.Hit("disk failed while stopping");
        }

        Forget();
        Disk.ProcessDied();
    }

    public void Kill()
    {
        Forget();
        Disk.ProcessDied();
    }

    public void PowerOff()
    {
        Forget();
        Disk.PowerOff();
    }

    public void Pause(long until) => PausedUntil = Math.Max(PausedUntil, until);

    /// <summary>A message from a peer arrives.</summary>
    public void Deliver(RaftMessage message)
    {
        if (IsPaused)
        {
            _inbox.Enqueue(message);
            return;
        }

        Node!.Step(message);
        Work();
    }

    /// <summary>A peer's connection ended, or seems so.</summary>
    public void ConnectionLost(ServerId peer)
    {
        if (IsUp && !IsPaused)
        {
            Node!.ConnectionLost(peer);
            Work();
        }
    }

    /// <summary>
    /// The timer fires. After a pause: requests come first, since the real host's threads that serve them do not wait for its loop; then the messages that
    /// waited, then the ticks that are due.
    /// </summary>
    public void Tick()
    {
        if (_inbox.Count > 0)
        {
            object[] waiting = [.. _inbox];
            _inbox.Clear();
            foreach (Call call in waiting.OfType<Call>())
            {
                Take(call);
            }

            foreach (RaftMessage message in waiting.OfType<RaftMessage>())
            {
                Node!.Step(message);
            }
        }

        DeliverTicks();
        Work();
    }

    /// <summary>As the real host: a leader counts all ticks, since its lease depends on them; a follower first hears what waited.</summary>
    private void DeliverTicks()
    {
        long due = ((_world.Now - _started) * _ratePercent / 100 / SimulatedTime.Tick) - _ticks;
        _ticks += due;
        for (long i = 0; i < due && (IsLeader || i < _options.HeartbeatTimeoutTicks / 2); i++)
        {
            Node!.Tick();
        }
    }

    private long LocalTime => (_world.Now - _started) * _ratePercent / 100;

    private void OpenStorage()
    {
        Task<RaftStorage> opening = RaftStorage.OpenAsync(Disk, Directory, new WriteAheadLogOptions
        {
            SegmentBytes = 8192,
            FlushesItself = false,
            NewSalt = _random.NextUInt64,
        });
        _storage = opening.GetAwaiter().GetResult();
        _log = (WriteAheadLog)_storage.Log;
        if (_storage.TornTail is not null)
        {
            _world.Coverage.Hit("torn tail cut");
        }

        if (_storage.Warning is not null)
        {
            _world.Coverage.Hit("damaged snapshot passed over");
        }
    }

    /// <summary>What was flushed is there again. A later write may be there too, which nobody was told of.</summary>
    private void CompareWithBefore()
    {
        (EntryId last, HardState promised) = _durable;
        HardState now = _log.HardState;
        bool hasPromise = now.Term > promised.Term || (now.Term == promised.Term && (promised.Vote.IsNone || now.Vote == promised.Vote));
        bool hasEntries = last.Index < _log.Start.Index || (last.Index <= _log.Last.Index && _log.TermAt(last.Index) == last.Term);
        if (!hasPromise || !hasEntries)
        {
            HasForgotten = $"{last} and {promised} were durable, {_log.Start}..{_log.Last} and {now} are there";
        }
    }

    /// <summary>How far the log on the disk must reach: a write on its way may replace its end, and a snapshot all of it.</summary>
    private EntryId DurableEntries()
    {
        LogIndex end = _log.Last.Index;
        foreach ((Ready ready, _) in _saves)
        {
            if (ready.Snapshot is not null)
            {
                return default;
            }

            if (!ready.Entries.IsEmpty && ready.Entries.Span[0].Index <= end)
            {
                end = ready.Entries.Span[0].Index.Previous;
            }
        }

        return end >= _log.Start.Index ? new EntryId(_log.TermAt(end), end) : default;
    }

    private void Forget()
    {
        if (_storage is not null)
        {
            _durable = (DurableEntries(), _log.HardState);
            _storage = null;
        }

        foreach (Placed placed in _placed)
        {
            _world.Answer(placed.Call, CallOutcome.Unknown);
        }

        foreach (Applying applying in _applies)
        {
            foreach (Placed placed in applying.Placed)
            {
                _world.Answer(placed.Call, CallOutcome.Unknown);
            }
        }

        foreach (Call call in _reads.Values.Concat(_waitingForIndex.Select(wait => wait.Call)).Concat(_inbox.OfType<Call>()))
        {
            _world.Answer(call, CallOutcome.Unknown);
        }

        Clear();
        Node = null;
        Life++;
        PausedUntil = 0;
    }

    private void Clear()
    {
        _placed.Clear();
        _applies.Clear();
        _reads.Clear();
        _waitingForIndex.Clear();
        _inbox.Clear();
        _saves.Clear();
        _snapshotWork.Clear();
        _terms.Clear();
        _incoming = null;
        _incomingMeta = null;
        _isFlushing = _isApplying = _isDoingSnapshots = false;
    }
}
