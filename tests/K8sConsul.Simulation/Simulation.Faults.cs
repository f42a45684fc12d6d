using K8sConsul.Raft;
using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.Faults;
using K8sConsul.Simulation.World;

namespace K8sConsul.Simulation;

/// <summary>The schedule of faults. All is drawn whether it takes place or not, so that leaving one out moves none of the others.</summary>
internal sealed partial class Simulation
{
    private const int ServersMax = 7;
    private static readonly Fault[] s_all = Enum.GetValues<Fault>();

    /// <summary>The disk of one server at a time may lie: Raft needs the majority of disks to be honest.</summary>
    private ServerId _damaged;

    /// <summary>A member that is to be removed, and then comes back with an empty disk.</summary>
    private ServerId _replaced;
    private readonly RaftRandom _seeds;
    private int _faultNumber;

    private void DrawFaults()
    {
        KeepReplacing();
        foreach (Fault fault in s_all)
        {
            ulong dice = _plan.NextUInt64();
            if (_plan.Next(1000) >= _profile.PerMille(fault))
            {
                continue;
            }

            int number = _faultNumber++;
            if (_options.Keep is null || _options.Keep.Contains(number))
            {
                string? what = Happen(fault, new RaftRandom(dice));
                if (what is not null)
                {
                    Coverage.Hit("fault: " + fault);
                    Faults.Add((number, Now, fault, what));
                }
            }
        }
    }

    /// <summary>Lets a fault happen.</summary>
    /// <returns>What happened, or null when there was nobody for it to happen to.</returns>
    private string? Happen(Fault fault, RaftRandom dice)
    {
        SimulatedServer any = _servers[dice.Next(_servers.Count)];
        SimulatedServer victim = dice.Next(2) == 0 ? Leader() ?? any : any;
        int length = 1 + dice.Next(dice.Next(3) switch { 0 => 2, 1 => 12, _ => 60 });
        switch (fault)
        {
            case Fault.Kill when victim.IsUp:
                victim.Kill();
                EndConnections(victim);
                RestartLater(victim, length);
                return victim.Id.ToString();
            case Fault.PowerLoss when victim.IsUp:
                return LosePower(victim, dice, length);
            case Fault.PowerLossOfAll:
                foreach (SimulatedServer server in _servers.Where(server => server.IsUp))
                {
                    server.PowerOff();
                    RestartLater(server, 1 + dice.Next(10));
                }

                return "all";
            case Fault.Restart when victim is { IsUp: true, IsPaused: false }:
                victim.Stop();
                EndConnections(victim);
                RestartLater(victim, 1 + dice.Next(dice.Next(2) == 0 ? 2 : 20));
                return victim.Id.ToString();
            case Fault.Pause when victim.IsUp:
                int pause = 8 + length;
                victim.Pause(Now + (pause * SimulatedTime.Tick));
                return $"{victim.Id} for {pause} ticks";
            case Fault.SlowDisk:
                victim.SlowDisk = (dice.Next(20 * SimulatedTime.Tick), Now + (length * SimulatedTime.Tick));
                return victim.Id.ToString();
            case Fault.SlowLink:
                _network.Slow(victim.Id, dice.Next(6 * SimulatedTime.Tick));
                return victim.Id.ToString();
            case Fault.Partition:
                return Divide(dice);
            case Fault.IsolateLeader when Leader() is { } leader:
                SimulatedServer friend = any;
                if (dice.Next(2) == 0)
                {
                    // A firewall that refuses, where others only swallow: the peers see their connections end.
                    EndConnections(leader);
                }

                foreach (SimulatedServer other in _servers.Where(server => server != leader && (server != friend || dice.Next(2) == 0)))
                {
                    CutBothWays(leader.Id, other.Id);
                }

                return leader.Id.ToString();
            case Fault.CutOneOff when Leader() is { } leader && leader != any:
                CutBothWays(leader.Id, any.Id);
                return $"{leader.Id} {any.Id}";
            case Fault.IsolateLeaderAndRestartOthers when Leader() is { } leader:
                return RestartFollowers(leader);
            case Fault.OneWayCut:
                for (int i = 0; i < _servers.Count; i++)
                {
                    _network.Cut(_servers[dice.Next(_servers.Count)].Id, _servers[dice.Next(_servers.Count)].Id);
                }

                return "some links";
            case Fault.ConnectionReset when Leader() is { } leader:
                EndConnections(leader);
                return leader.Id.ToString();
            case Fault.Lull:
                int lull = 60 + (2 * length);
                _lullUntil = Now + (lull * SimulatedTime.Tick);
                return $"for {lull} ticks";
            case Fault.Heal when _network.IsDisturbed:
                _network.Heal();
                return "all links";
            case Fault.Transfer when Leader() is { } leader:
                leader.Node!.TransferLeadership();
                return leader.Id.ToString();
            case Fault.AddServer or Fault.Promote or Fault.Demote or Fault.RemoveServer:
                return ChangeMembers(fault, dice);
            default:
                return HappenToDisk(fault, victim, dice);
        }
    }

    /// <summary>Who can be reached hears that the connection is gone; where a link is cut, nothing is heard.</summary>
    private void EndConnections(SimulatedServer gone)
    {
        foreach (SimulatedServer other in _servers)
        {
            if (other != gone && !_network.IsCut(gone.Id, other.Id))
            {
                Plan(100 + _timing.Next(500), new Occurrence(OccurrenceKind.ConnectionLost, Server: other, Life: other.Life, Gone: gone.Id));
            }
        }
    }

    private string RestartFollowers(SimulatedServer leader)
    {
        foreach (SimulatedServer other in _servers.Where(server => server != leader))
        {
            if (other.IsUp && !_network.IsCut(leader.Id, other.Id))
            {
                other.Kill();
                RestartLater(other, 1);
            }

            CutBothWays(leader.Id, other.Id);
        }

        return leader.Id.ToString();
    }

    private string? HappenToDisk(Fault fault, SimulatedServer victim, RaftRandom dice)
    {
        switch (fault)
        {
            case Fault.DiskFull when victim.IsUp:
                victim.Disk.IsFull = true;
                return victim.Id.ToString();
            case Fault.FlushFailure when victim.IsUp:
                victim.Disk.FailsNextFlush = true;
                return victim.Id.ToString();
            case Fault.BitRot when MayDamage(victim):
                return Rot(victim, dice);
            case Fault.MisdirectedWrite when MayDamage(victim) && victim.IsUp:
                _damaged = victim.Id;
                victim.Disk.MisdirectsNextWrite = true;
                return victim.Id.ToString();
            case Fault.ReplaceDisk when MayDamage(victim) && _servers.Count >= 3:
                _damaged = victim.Id;
                if (victim.IsUp)
                {
                    victim.PowerOff();
                }

                victim.IsLost = true;
                BeginReplacing(victim);
                return victim.Id.ToString();
            default:
                return null;
        }
    }

    private string LosePower(SimulatedServer victim, RaftRandom dice, int length)
    {
        if (dice.Next(3) == 0)
        {
            victim.PowerOff();
            RestartLater(victim, length);
            return $"{victim.Id} at once";
        }

        // In the middle of what it writes next.
        victim.Disk.ChangesUntilCrash = dice.Next(6);
        return $"{victim.Id} while writing";
    }

    private string Divide(RaftRandom dice)
    {
        ulong side = dice.NextUInt64();
        for (int i = 0; i < _servers.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (((side >> i) & 1) != ((side >> j) & 1))
                {
                    CutBothWays(_servers[i].Id, _servers[j].Id);
                }
            }
        }

        return string.Join(' ', _servers.Where((_, i) => ((side >> i) & 1) == 1).Select(server => server.Id));
    }

    private void CutBothWays(ServerId one, ServerId other)
    {
        _network.Cut(one, other);
        _network.Cut(other, one);
    }

    /// <summary>Only while nobody else's disk is in doubt, and enough others have everything.</summary>
    private bool MayDamage(SimulatedServer victim) =>
        _damaged.IsNone && _replaced.IsNone && _servers.All(server => server.IsUp && server.Node!.Configuration.VoterCount >= 3)
        && Leader() is { } leader && leader.Node!.Configuration.Find(victim.Id) is not null && leader.Node.Stats().IsConfigurationCommitted;

    private string? Rot(SimulatedServer victim, RaftRandom dice)
    {
        DiskFile[] files = [.. victim.Disk.Files.Where(file => file.Length > 0 && !file.Name.EndsWith(".tmp", StringComparison.Ordinal))];
        if (files.Length == 0)
        {
            return null;
        }

        DiskFile file = files[dice.Next(files.Length)];
        _damaged = victim.Id;
        int at = dice.Next(file.Length);
        file.Flip(at, dice.Next(8));
        if (victim.IsUp)
        {
            victim.Kill();
            RestartLater(victim, 1 + dice.Next(10));
        }

        return $"{victim.Id} {Path.GetFileName(file.Name)} at {at}";
    }

    private string? ChangeMembers(Fault fault, RaftRandom dice)
    {
        if (Leader() is not { } leader || leader.IsPaused)
        {
            return null;
        }

        RaftConfiguration members = leader.Node!.Configuration;
        RaftServer some = members.Servers[dice.Next(members.Servers.Count)];
        ConfigurationChange? change = fault switch
        {
            Fault.AddServer when _servers.Count < ServersMax => new ConfigurationChange(
                ConfigurationChangeKind.AddNonvoter, IdOf(_servers.Count + 1), AddressOf(_servers.Count + 1)),
            Fault.AddServer when _servers.Find(server => members.Find(server.Id) is null && !server.IsLost) is { } former => new ConfigurationChange(
                ConfigurationChangeKind.AddNonvoter, former.Id, AddressOf(_servers.IndexOf(former) + 1)),
            Fault.Promote when leader.Node.Peers().Any(peer => peer.Server.Id == some.Id && peer.Match.Value > 0) => new ConfigurationChange(ConfigurationChangeKind.Promote, some.Id),
            Fault.Demote when members.VoterCount > 2 => new ConfigurationChange(ConfigurationChangeKind.Demote, some.Id),
            Fault.RemoveServer when members.VoterCount > 2 || !some.IsVoter => new ConfigurationChange(ConfigurationChangeKind.Remove, some.Id),
            _ => null,
        };

        // The vote of a server whose disk is in doubt is not handed out anew.
        if (change is null || (!_damaged.IsNone && change.Kind != ConfigurationChangeKind.AddNonvoter) || change.Server == _replaced)
        {
            return null;
        }

        ProposeResult result = leader.Node.ProposeConfiguration(change);
        if (!result.IsAccepted)
        {
            Coverage.Hit("change of members refused");
            return null;
        }

        if (Find(change.Server) is null)
        {
            AddServer(_servers.Count + 1, _seeds.NextUInt64()).Start();
        }

        return $"{change.Kind} {change.Server}";
    }

    private void BeginReplacing(SimulatedServer server) => _replaced = server.Id;

    /// <summary>An operator at work: the lost member is removed; once that is committed it comes back with an empty disk and is added again.</summary>
    private void KeepReplacing()
    {
        if (!_damaged.IsNone && _replaced.IsNone && !_isHealing && Find(_damaged) is { } doubtful)
        {
            // Whatever is wrong with its disk shows at the latest when it is read again.
            if (doubtful.IsUp && _timing.Next(50) == 0)
            {
                doubtful.Kill();
                RestartLater(doubtful, 5);
            }
        }

        if (_replaced.IsNone || Leader() is not { IsPaused: false } leader || Find(_replaced) is not { } lost)
        {
            return;
        }

        RaftConfiguration members = leader.Node!.Configuration;
        bool isCommitted = leader.Node.Stats().IsConfigurationCommitted;
        if (lost.IsLost && members.Find(lost.Id) is not null)
        {
            leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Remove, lost.Id));
        }
        else if (lost.IsLost && isCommitted && leader.Node.CommitIndex >= leader.Node.ConfigurationIndex)
        {
            lost.Wipe();
            lost.Start();
            Coverage.Hit("came back with an empty disk");
        }
        else if (!lost.IsLost && members.Find(lost.Id) is null)
        {
            leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, lost.Id, AddressOf(_servers.IndexOf(lost) + 1)));
        }
        else if (!lost.IsLost && isCommitted && lost.Applied.Last.Index >= leader.Node.CommitIndex)
        {
            leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Promote, lost.Id));
            _replaced = default;
            _damaged = default;
            Coverage.Hit("replaced member has caught up");
        }
    }

    private SimulatedServer? Leader() => _servers.Where(server => server.IsLeader).MaxBy(server => server.Node!.Term.Value);
}
