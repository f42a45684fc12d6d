using System.Globalization;
using System.Text;

namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>Peers, network, clients and faults from one seed.</summary>
internal sealed class SimulatedCluster
{
    private readonly RaftRandom _random;
    private readonly List<SimulatedPeer> _peers = [];
    private readonly Dictionary<EntryId, ServerId> _proposals = [];
    private readonly Dictionary<(ServerId, ulong), LogIndex> _reads = [];
    private readonly Dictionary<ServerId, int> _tickCredit = [];
    private readonly Dictionary<ServerId, long> _stalledUntil = [];
    private readonly Dictionary<ServerId, long> _pausedUntil = [];
    private readonly RaftOptions _options;
    private long _now;
    private ulong _context;
    private ulong _starts;
    private ulong _commands;

    public SimulatedCluster(ulong seed, int size, RaftOptions options)
    {
        _random = new RaftRandom(seed);
        _options = options;
        Network = new SimulatedNetwork(new RaftRandom(seed ^ 0xABCDEF));
        RaftConfiguration configuration = new(Enumerable.Range(1, size).Select(i => new RaftServer(IdOf(i), $"10.0.0.{i}:8300")));
        for (int i = 1; i <= size; i++)
        {
            AddPeer(i).Disk.Bootstrap(configuration);
        }

        foreach (SimulatedPeer peer in _peers)
        {
            Start(peer);
        }
    }

    public SimulatedNetwork Network { get; }

    public SafetyChecker Checker { get; } = new();

    public IReadOnlyList<SimulatedPeer> Peers => _peers;

    public int AnsweredReads { get; private set; }

    /// <summary>A peer's clock runs at 100 % give or take this.</summary>
    public int DriftPercent { get; set; }

    public SimulatedPeer? Leader => _peers.Where(peer => peer.IsLeader).MaxBy(peer => peer.Node!.Term.Value);

    public static ServerId IdOf(int number) => new($"s{number}");

    public SimulatedPeer AddPeer(int number)
    {
        SimulatedPeer peer = new(IdOf(number), _options);
        peer.OnAppend = entry => OnAppend(peer, entry);
        peer.OnApplied = entry => OnApplied(peer, entry);
        _peers.Add(peer);
        _tickCredit[peer.Id] = 0;
        return peer;
    }

    public void Start(SimulatedPeer peer) => peer.Start((_starts++ * 7919) + 1);

    public void Crash(SimulatedPeer peer)
    {
        peer.Crash(_random);
        foreach ((ServerId, ulong) key in _reads.Keys.Where(key => key.Item1 == peer.Id).ToArray())
        {
            _reads.Remove(key);
        }
    }

    /// <summary>The peer's disk makes no progress for so many steps: what it was told to save is lost if it crashes now.</summary>
    public void StallDisk(SimulatedPeer peer, int steps) => _stalledUntil[peer.Id] = _now + steps;

    /// <summary>The process stands still: its clock, its disk and what arrives meanwhile wait.</summary>
    public void Pause(SimulatedPeer peer, int steps) => _pausedUntil[peer.Id] = _now + steps;

    private bool IsPaused(SimulatedPeer peer) => _pausedUntil.GetValueOrDefault(peer.Id) > _now;

    public bool IsStalled(SimulatedPeer peer) => _stalledUntil.GetValueOrDefault(peer.Id) > _now;

    /// <summary>One step of the world: ticks, deliveries, disks and state machines progress, each by chance.</summary>
    public void Step(int diskPercent = 100)
    {
        _now++;
        for (int i = 0; i < _peers.Count; i++)
        {
            SimulatedPeer peer = _peers[i];
            if (peer.IsUp && !IsPaused(peer) && TicksNow(peer, i))
            {
                peer.Node!.Tick();
            }
        }

        foreach (RaftMessage message in Network.TakeDue(_now))
        {
            SimulatedPeer? peer = _peers.Find(candidate => candidate.Id == message.To);
            if (peer is { IsUp: true } && IsPaused(peer))
            {
                Network.Return(message, _now);
            }
            else if (peer is { IsUp: true })
            {
                peer.Node!.Step(message);
                if (_random.Next(2) == 0)
                {
                    peer.TakeReadys();
                }
            }
        }

        foreach (SimulatedPeer peer in _peers.Where(peer => peer.IsUp && !IsPaused(peer)))
        {
            Progress(peer, diskPercent);
        }
    }

    public void Propose()
    {
        // Mostly where it may be taken, sometimes anywhere.
        SimulatedPeer? to = _random.Next(4) > 0 ? Leader : _peers[_random.Next(_peers.Count)];
        if (to is { IsUp: true } peer)
        {
            byte[] command = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"command {_commands++}"));
            ProposeResult result = peer.Node!.Propose(command);
            if (result.IsAccepted)
            {
                _proposals.Add(result.First, peer.Id);
            }
        }
    }

    /// <summary>A read is right when its index covers all that was acknowledged before it was asked.</summary>
    public void Read()
    {
        if (_peers[_random.Next(_peers.Count)] is { IsUp: true } peer && peer.Node!.RequestReadIndex(++_context, (ReadMode)(_context % 2)) == Refusal.None)
        {
            _reads.Add((peer.Id, _context), Checker.MaxAcknowledged);
        }
    }

    /// <summary>Heals everything and runs until all members agree.</summary>
    public void Converge(int stepsMax)
    {
        Network.Heal();
        _stalledUntil.Clear();
        _pausedUntil.Clear();
        Network.LossPermille = 0;
        Network.DuplicatePermille = 0;
        foreach (SimulatedPeer peer in _peers.Where(peer => !peer.IsUp))
        {
            Start(peer);
        }

        for (int i = 0; i < stepsMax; i++)
        {
            Step();
            if (i % 50 == 49 && IsConverged())
            {
                return;
            }
        }

        Assert.Fail("no agreement after healing: " + Describe());
    }

    public string Describe() => string.Join("; ", _peers.Select(peer => peer.IsUp
        ? $"{peer.Id} {peer.Node!.Role} t{peer.Node.Term} last {peer.Node.LastEntry} commit {peer.Node.CommitIndex} applied {peer.Machine.Applied} {peer.Node.Configuration} {peer.Node.Stats().Reason}"
        : $"{peer.Id} down"));

    private bool IsConverged()
    {
        if (Leader is not { } leader || leader.Node!.CommitIndex != leader.Node.LastEntry.Index)
        {
            return false;
        }

        RaftConfiguration configuration = leader.Node.Configuration;
        return _peers.Where(peer => configuration.Find(peer.Id) is not null).All(peer =>
            peer.Machine.Applied == leader.Machine.Applied && peer.Machine.State == leader.Machine.State
            && peer.Machine.Applied >= Checker.MaxAcknowledged);
    }

    private bool TicksNow(SimulatedPeer peer, int number)
    {
        // Alternating fast and slow peers: the worst the drift bound allows between any two.
        int rate = number % 2 == 0 ? 100 + (DriftPercent / 2) : 100 - ((DriftPercent + 1) / 2);
        _tickCredit[peer.Id] += rate;
        if (_tickCredit[peer.Id] < 100)
        {
            return false;
        }

        _tickCredit[peer.Id] -= 100;
        if (_tickCredit[peer.Id] >= 100)
        {
            _tickCredit[peer.Id] -= 100;
            peer.Node!.Tick();
        }

        return true;
    }

    private void Progress(SimulatedPeer peer, int diskPercent)
    {
        for (int i = 0; i < 3; i++)
        {
            peer.TakeReadys();
            if (_random.Next(100) < diskPercent && !IsStalled(peer))
            {
                peer.FinishSave();
            }

            while (_random.Next(10) > 0 && peer.FinishApply())
            {
            }

            if (_random.Next(100) < diskPercent)
            {
                peer.FinishSnapshotIo();
            }
        }

        peer.TakeReadys();
        foreach (RaftMessage message in peer.Outbox)
        {
            Network.Send(message, _now);
        }

        peer.Outbox.Clear();
        if (peer.IsLeader)
        {
            Checker.Leads(peer);
        }

        foreach (ReadState read in peer.ReadStates)
        {
            Assert.True(_reads.Remove((peer.Id, read.Context), out LogIndex least), "a read was answered twice or never asked");
            if (read.Refusal == Refusal.None)
            {
                AnsweredReads++;
                Assert.True(read.Index >= least, $"read on {peer.Id} at {read.Index}, but {least} was acknowledged before");
            }
        }

        peer.ReadStates.Clear();
        RaftNode node = peer.Node!;
        Assert.True(node.AppliedIndex <= node.CommitIndex && node.CommitIndex <= node.LastEntry.Index);
    }

    private void OnAppend(SimulatedPeer peer, RaftEntry entry)
    {
        // The entry before is in the same Ready, in an earlier one, on disk or compacted; the node knows.
        Term before = peer.TermBefore(entry);
        Checker.Appended(entry, before);
    }

    private void OnApplied(SimulatedPeer peer, RaftEntry entry)
    {
        Checker.Applied(entry, peer.Machine.State);
        if (_proposals.TryGetValue(entry.Id, out ServerId proposer) && proposer == peer.Id)
        {
            _proposals.Remove(entry.Id);
            Checker.Acknowledged(entry.Index);
        }
    }
}
