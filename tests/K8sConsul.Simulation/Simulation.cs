using K8sConsul.Raft;
using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.Faults;
using K8sConsul.Simulation.World;
using K8sConsul.Storage;

namespace K8sConsul.Simulation;

/// <summary>
/// One run: servers, network, clients and faults from one seed, as a queue of events on one simulated clock. Checkers look at every step; a
/// broken promise is an exception.
/// </summary>
internal sealed partial class Simulation : IWorld
{
    private const int ClientTimeout = 60 * SimulatedTime.Tick;
    private const int SnapshotEvery = 40;

    private readonly SimulationOptions _options;
    private readonly RaftOptions _raft;
    private readonly FaultProfile _profile;
    private readonly SimulatedNetwork _network;
    private readonly RaftRandom _timing;
    private readonly RaftRandom _plan;
    private readonly PriorityQueue<Occurrence, (long At, long Order)> _queue = new();
    private readonly List<SimulatedServer> _servers = [];
    private readonly List<Client> _clients = [];
    private readonly List<Call> _history = [];
    private readonly List<int> _delays = [];
    private long _order;
    private int _calls;
    private bool _isHealing;
    private long _lullUntil;

    public Simulation(SimulationOptions options)
    {
        _options = options;
        var seeds = new RaftRandom(options.Seed);
        _timing = new RaftRandom(seeds.NextUInt64());
        _plan = new RaftRandom(seeds.NextUInt64());
        var draw = new RaftRandom(seeds.NextUInt64());
        _raft = DrawOptions(draw);
        _profile = FaultProfile.Draw(draw);
        _network = new SimulatedNetwork(new RaftRandom(seeds.NextUInt64()), _profile, options.IsNetworkCalm, Coverage);
        Checker = new SafetyChecker(Coverage);
        int size = options.Servers == 0 ? 3 + (2 * draw.Next(2)) : options.Servers;
        int clients = 3 + draw.Next(6);
        RaftConfiguration configuration = new(Enumerable.Range(1, size).Select(number => new RaftServer(IdOf(number), AddressOf(number))));
        for (int number = 1; number <= size; number++)
        {
            AddServer(number, seeds.NextUInt64()).Bootstrap(configuration);
        }

        for (int number = 0; number < clients; number++)
        {
            _clients.Add(new Client(number, new RaftRandom(seeds.NextUInt64())));
        }

        _seeds = seeds;
        Coverage.Hit(_profile.IsDriftWithinBound(_raft) ? "run with clocks within the lease's bound" : "run with clocks beyond the lease's bound");
    }

    public long Now { get; private set; }

    public Coverage Coverage { get; } = new();

    public SafetyChecker Checker { get; }

    public int EventCount { get; private set; }

    public IReadOnlyList<Call> History => _history;

    /// <summary>Faults that took place, by their numbers.</summary>
    public List<(int Number, long At, Fault Fault, string What)> Faults { get; } = [];

    /// <summary>Runs to the end: faults and load, then everything heals, then all must agree.</summary>
    public void Run()
    {
        foreach (SimulatedServer server in _servers)
        {
            server.Start();
        }

        for (int number = 0; number < _clients.Count; number++)
        {
            Plan(_timing.Next(20 * SimulatedTime.Tick), new Occurrence(OccurrenceKind.Client, Number: number));
        }

        Plan(SimulatedTime.Tick, new Occurrence(OccurrenceKind.Faults));
        while (EventCount < _options.Events)
        {
            Step();
        }

        Heal();
        Converge();
        ClientHistory.Check(_history, _profile.IsDriftWithinBound(_raft));
        Coverage.Hit("calls answered", _history.Count(call => call.Outcome is CallOutcome.Succeeded or CallOutcome.Lost));
        Coverage.Hit("calls of unknown outcome", _history.Count(call => call.Outcome == CallOutcome.Unknown));
        Coverage.Hit("entries applied", (long)Checker.LastApplied);
    }

    public void Send(RaftMessage message)
    {
        _network.Send(message, _delays);
        foreach (int delay in _delays)
        {
            Plan(delay, new Occurrence(OccurrenceKind.Message, Message: message));
        }
    }

    public void Schedule(SimulatedServer server, ServerWork work)
    {
        long delay = work switch
        {
            ServerWork.Tick => SimulatedTime.Tick,
            ServerWork.Flush => 50 + _timing.Next(_profile.FlushMax) + (server.SlowDisk.Until > Now ? server.SlowDisk.Extra : 0),
            ServerWork.Apply => 10 + _timing.Next(_timing.Next(10) == 0 ? 3000 : 100),
            ServerWork.SnapshotIo => 50 + _timing.Next(_profile.FlushMax),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        Plan(delay, new Occurrence(OccurrenceKind.Work, Server: server, Life: server.Life, Work: work));
    }

    public void Answer(Call call, CallOutcome outcome)
    {
        if (call.Outcome != CallOutcome.Pending)
        {
            return;
        }

        call.Outcome = outcome;
        if (outcome != CallOutcome.Unknown)
        {
            call.Returned = Now;
        }

        Client client = _clients[call.Client];
        if (client.Outstanding == call)
        {
            client.Outstanding = null;
            client.Remember(call);
            int pause = outcome is CallOutcome.Refused or CallOutcome.Unknown ? 4 * SimulatedTime.Tick : SimulatedTime.Tick / 2;
            Plan(1 + client.Random.Next(pause), new Occurrence(OccurrenceKind.Client, Number: call.Client));
        }
    }

    public void Died(SimulatedServer server, string reason, bool isDiskLost)
    {
        Coverage.Hit("server stopped by its disk");

        // Nobody knows what the disk holds of the write that failed.
        server.PowerOff();
        if (isDiskLost)
        {
            LoseDisk(server, reason);
        }
        else
        {
            RestartLater(server, 20 + _timing.Next(100));
        }
    }

    private void LoseDisk(SimulatedServer server, string reason)
    {
        SimulationViolationException.Require(
            _damaged == server.Id, $"{server.Id} does not trust its disk, to which nothing was done but what a crash does: {reason}");
        server.IsLost = true;
        BeginReplacing(server);
    }

    private static ServerId IdOf(int number) => new($"s{number}");

    private static string AddressOf(int number) => $"10.0.0.{number}:8300";

    /// <summary>
    /// Half of the runs send one entry at a time and wait for its answer, and a third have long timeouts: then there is room for something to happen
    /// between two steps that are mostly one.
    /// </summary>
    private static RaftOptions DrawOptions(RaftRandom draw)
    {
        int scale = draw.Next(3) == 0 ? 3 : 1;
        bool isStepByStep = draw.Next(2) == 0;
        return new RaftOptions
        {
            HeartbeatTimeoutTicks = 12 * scale,
            ElectionTimeoutTicks = 12 * scale,
            LeaderLeaseTicks = 9 * scale,
            HeartbeatIntervalTicks = 2,
            PreVote = draw.Next(3) > 0,
            ReadMode = draw.Next(3) == 0 ? ReadMode.Quorum : ReadMode.Lease,
            ClockDriftPercent = 10,
            CacheEntries = 8,
            TrailingEntries = draw.Next(3) == 0 ? 4 : 30,
            SnapshotChunkBytes = 200 + draw.Next(2000),
            AppendEntriesMax = isStepByStep ? 1 : 1 + draw.Next(16),
            InflightMessagesMax = isStepByStep ? 1 : 1 + draw.Next(8),
            ApplyingEntriesMax = 4 + draw.Next(60),
        };
    }

    private SimulatedServer AddServer(int number, ulong seed)
    {
        // Every other clock is fast, the rest are slow: the most that any two differ.
        int rate = number % 2 == 0 ? 100 + (_profile.DriftPercent / 2) : 100 - ((_profile.DriftPercent + 1) / 2);
        var server = new SimulatedServer(this, IdOf(number), _raft, new RaftRandom(seed), _options.Bug, rate)
        {
            IsLeaseSafe = _profile.IsDriftWithinBound(_raft),
        };
        _servers.Add(server);
        return server;
    }

    private void Plan(long delay, Occurrence occurrence) => _queue.Enqueue(occurrence, (Now + delay, _order++));

    private void Step()
    {
        if (!_queue.TryDequeue(out Occurrence occurrence, out (long At, long Order) when))
        {
            throw new SimulationViolationException("nothing is left to happen");
        }

        Now = when.At;
        EventCount++;
        switch (occurrence.Kind)
        {
            case OccurrenceKind.Message when Find(occurrence.Message!.To) is { IsUp: true } server && !_network.IsCut(occurrence.Message):
                OnDisk(server, () => server.Deliver(_network.RoundTrip(occurrence.Message)));
                break;
            case OccurrenceKind.ConnectionLost when occurrence.Server!.Life == occurrence.Life:
                OnDisk(occurrence.Server, () => occurrence.Server.ConnectionLost(occurrence.Gone));
                break;
            case OccurrenceKind.Work when occurrence.Server!.Life == occurrence.Life:
                OnDisk(occurrence.Server, () => Do(occurrence.Server, occurrence));
                break;
            case OccurrenceKind.Client:
                CallNext(_clients[occurrence.Number]);
                break;
            case OccurrenceKind.Timeout:
                GiveUp(occurrence.Call!);
                break;
            case OccurrenceKind.Restart:
                StartAgain(occurrence.Server!, occurrence.Life);
                break;
            case OccurrenceKind.Faults when !_isHealing:
                DrawFaults();
                Plan(SimulatedTime.Tick * 2, occurrence);
                break;
            default:
                break;
        }
    }

    /// <summary>A read of the log may find that the disk is off or has changed; then the server stops, as the real one does.</summary>
    private void OnDisk(SimulatedServer server, Action work)
    {
        try
        {
            work();
        }
        catch (StorageException failure)
        {
            Died(server, failure.Message, isDiskLost: failure is StorageDamagedException);
        }
    }

    private void Do(SimulatedServer server, Occurrence occurrence)
    {
        if (server.IsPaused)
        {
            Plan(server.PausedUntil - Now, occurrence);
            return;
        }

        switch (occurrence.Work)
        {
            case ServerWork.Tick:
                server.Tick();
                if (server.IsUp)
                {
                    Schedule(server, ServerWork.Tick);
                    MaybeSnapshot(server);
                }

                break;
            case ServerWork.Flush:
                server.Flush();
                break;
            case ServerWork.Apply:
                server.Apply();
                break;
            case ServerWork.SnapshotIo:
                server.DoSnapshotWork();
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void MaybeSnapshot(SimulatedServer server)
    {
        if (server.Applied.Last.Index.Value >= server.Node!.Stats().LastSnapshot.Index.Value + SnapshotEvery && _timing.Next(10) == 0)
        {
            server.TakeSnapshot();
        }
    }

    private void CallNext(Client client)
    {
        if (client.Outstanding is not null || _isHealing)
        {
            return;
        }

        Call call = client.Next(_calls++, Now, Checker.Acknowledged, onlyReads: Now < _lullUntil);
        _history.Add(call);
        client.Outstanding = call;
        Plan(ClientTimeout, new Occurrence(OccurrenceKind.Timeout, Call: call));
        SimulatedServer? server = Choose(client, call);
        if (server is { IsUp: true })
        {
            OnDisk(server, () => server.Submit(call));
        }
        else
        {
            Answer(call, CallOutcome.Refused);
        }
    }

    /// <summary>Writes go mostly where they may be taken, reads anywhere.</summary>
    private SimulatedServer? Choose(Client client, Call call)
    {
        bool asksLeader = client.Random.Next(10) < (call.Kind == CallKind.ReadDefault ? 6 : call.IsRead ? 3 : 9);
        SimulatedServer any = _servers[client.Random.Next(_servers.Count)];
        if (!asksLeader)
        {
            return any;
        }

        // Of several who think so, any: one of them is wrong and must not get away with it.
        SimulatedServer[] leaders = [.. _servers.Where(server => server.IsLeader)];
        return leaders.Length == 0 ? any : leaders[client.Random.Next(leaders.Length)];
    }

    private void GiveUp(Call call)
    {
        Client client = _clients[call.Client];
        if (client.Outstanding == call)
        {
            Coverage.Hit("client gave up waiting");
            Answer(call, CallOutcome.Unknown);
        }
    }

    private void RestartLater(SimulatedServer server, int ticks) =>
        Plan(ticks * SimulatedTime.Tick, new Occurrence(OccurrenceKind.Restart, Server: server, Life: server.Life));

    private void StartAgain(SimulatedServer server, int life)
    {
        if (server.IsUp || server.IsLost || server.Life != life)
        {
            return;
        }

        server.Disk.IsFull = false;
        try
        {
            server.Start();
        }
        catch (StorageDamagedException damage)
        {
            Coverage.Hit("damage found at start");
            server.PowerOff();
            LoseDisk(server, damage.Message);
        }
        catch (StorageException)
        {
            Coverage.Hit("start failed on the disk");
            server.PowerOff();
            RestartLater(server, 20);
        }

        if (server.HasForgotten is { } what)
        {
            // The last write before a stop cannot be told from one that the stop interrupted; all else must be noticed.
            Coverage.Hit("last write lost to damage, taken for a torn one");
            server.PowerOff();
            LoseDisk(server, what);
        }
    }

    private SimulatedServer? Find(ServerId id) => _servers.Find(server => server.Id == id);

    private enum OccurrenceKind
    {
        Message,
        ConnectionLost,
        Work,
        Client,
        Timeout,
        Restart,
        Faults,
    }

    private readonly record struct Occurrence(
        OccurrenceKind Kind, SimulatedServer? Server = null, int Life = 0, ServerWork Work = default, RaftMessage? Message = null, Call? Call = null, int Number = 0,
        ServerId Gone = default);
}
