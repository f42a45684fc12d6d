using K8sConsul.Raft.Tests.Simulation;

namespace K8sConsul.Raft.Tests;

/// <summary>
/// Clusters in memory under loss, doubling, reordering, partitions, crashes with lost writes, membership changes and snapshots. The checkers run at
/// every step; a failure names its seed.
/// </summary>
public sealed class NetworkTests
{
    private static readonly RaftOptions s_options = new()
    {
        HeartbeatTimeoutTicks = 10,
        ElectionTimeoutTicks = 10,
        LeaderLeaseTicks = 8,
        HeartbeatIntervalTicks = 2,
        CacheEntries = 8,
        TrailingEntries = 10,
        SnapshotChunkBytes = 40,
        AppendEntriesMax = 8,
        InflightMessagesMax = 4,
        ApplyingEntriesMax = 16,
    };

    public static TheoryData<string, int> Worlds() => new()
    {
        { "loss", 40 },
        { "partitions", 40 },
        { "crashes", 60 },
        { "slow disks", 150 },
        { "churn", 100 },
        { "pauses", 80 },
        { "membership", 60 },
        { "snapshots", 60 },
        { "everything", 150 },
        { "lease", 60 },
        { "no pre-vote", 40 },
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Safety_holds_and_the_cluster_recovers(string world, int seeds)
    {
        // K8SCONSUL_SEEDS_FACTOR=20 for a night's run.
        seeds *= int.Parse(Environment.GetEnvironmentVariable("K8SCONSUL_SEEDS_FACTOR") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        int acknowledged = 0;
        int reads = 0;
        int installed = 0;
        for (int seed = 1; seed <= seeds; seed++)
        {
            try
            {
                SimulatedCluster cluster = Run(world, (ulong)seed);
                acknowledged += cluster.Checker.AcknowledgedCount;
                reads += cluster.AnsweredReads;
                installed += cluster.Peers.Sum(peer => peer.InstalledSnapshots);
            }
            catch (Exception problem)
            {
                throw new InvalidOperationException($"world '{world}', seed {seed}: {problem.Message}", problem);
            }
        }

        // The faults must not be so hard that nothing was tested.
        Assert.True(acknowledged > seeds * 15, $"only {acknowledged} writes were acknowledged");
        Assert.True(reads > seeds * 5, $"only {reads} reads were answered");
        if (world is "snapshots" or "everything")
        {
            Assert.True(installed > seeds / 4, $"only {installed} snapshots were installed");
        }
    }

    private static SimulatedCluster Run(string world, ulong seed)
    {
        bool all = world == "everything";
        RaftRandom random = new(seed * 104729);
        RaftOptions options = s_options with
        {
            PreVote = world != "no pre-vote",
            ReadMode = world == "lease" ? ReadMode.Lease : ReadMode.Quorum,
            ClockDriftPercent = world == "lease" ? 20 : 10,
        };
        SimulatedCluster cluster = new(seed, size: 3 + (2 * random.Next(2)), options)
        {
            DriftPercent = world == "lease" ? 19 : 0,
        };
        cluster.Network.LossPermille = all || world == "loss" ? random.Next(150) : random.Next(20);
        cluster.Network.DuplicatePermille = all || world == "loss" ? random.Next(150) : 0;
        cluster.Network.DelayMax = 1 + random.Next(4);
        int disk = 30 + random.Next(71);
        int nextServer = cluster.Peers.Count + 1;
        for (int step = 0; step < 600; step++)
        {
            cluster.Step(disk);
            if (random.Next(3) == 0)
            {
                cluster.Propose();
            }

            if (random.Next(6) == 0)
            {
                cluster.Read();
            }

            if (all || world is "partitions" or "lease" or "no pre-vote")
            {
                MaybePartition(cluster, random);
            }

            if (all || world is "crashes" or "lease" or "no pre-vote")
            {
                MaybeCrash(cluster, random);
            }

            if (all || world == "slow disks")
            {
                MaybeStall(cluster, random, isOften: !all);
            }

            if ((all || world == "pauses") && random.Next(30) == 0 && (random.Next(2) == 0 ? cluster.Leader : Any(cluster, random)) is { IsUp: true } sleepy)
            {
                cluster.Pause(sleepy, 10 + random.Next(40));
            }

            if (world == "churn")
            {
                MaybeIsolateLeader(cluster, random);
            }

            if ((all || world == "membership") && random.Next(25) == 0)
            {
                ChangeMembers(cluster, random, ref nextServer);
            }

            if ((all || world is "snapshots" or "membership") && random.Next(15) == 0
                && cluster.Peers[random.Next(cluster.Peers.Count)] is { IsUp: true } peer)
            {
                peer.TakeSnapshot();
            }

            if (world == "snapshots")
            {
                MaybePartition(cluster, random);
            }

            if (random.Next(60) == 0)
            {
                cluster.Leader?.Node!.TransferLeadership();
            }
        }

        cluster.Converge(stepsMax: 3000);
        return cluster;
    }

    private static void MaybePartition(SimulatedCluster cluster, RaftRandom random)
    {
        int dice = random.Next(100);
        if (dice is 0 or 3)
        {
            cluster.Network.Heal();
        }
        else if (dice == 1)
        {
            // Some links, in one direction each; several of them make a full partition.
            for (int i = 0; i < cluster.Peers.Count; i++)
            {
                cluster.Network.Cut(Any(cluster, random).Id, Any(cluster, random).Id);
            }
        }
        else if (dice == 2)
        {
            SimulatedPeer lonely = random.Next(2) == 0 ? cluster.Leader ?? Any(cluster, random) : Any(cluster, random);
            foreach (SimulatedPeer other in cluster.Peers)
            {
                cluster.Network.Cut(lonely.Id, other.Id);
                cluster.Network.Cut(other.Id, lonely.Id);
            }
        }
    }

    /// <summary>A disk hangs, and its peer dies soon after: the writes on the way are lost while the network has gone on.</summary>
    private static void MaybeStall(SimulatedCluster cluster, RaftRandom random, bool isOften)
    {
        int dice = random.Next(isOften ? 30 : 100);
        if (dice is 0 or 1 && (dice == 0 ? cluster.Leader : Any(cluster, random)) is { IsUp: true } peer)
        {
            cluster.StallDisk(peer, 5 + random.Next(40));
        }
        else if (dice is 2 && cluster.Peers.FirstOrDefault(peer => peer.IsUp && cluster.IsStalled(peer)) is { } stalled)
        {
            cluster.Crash(stalled);
        }
        else if (dice is 3 or 4 or 5 && cluster.Peers.FirstOrDefault(peer => !peer.IsUp) is { } sleeper)
        {
            cluster.Start(sleeper);
        }
    }

    /// <summary>Leaders are cut off again and again, mostly with one friend: entries of many terms in few logs each (Raft paper, figure 8).</summary>
    private static void MaybeIsolateLeader(SimulatedCluster cluster, RaftRandom random)
    {
        int dice = random.Next(25);
        if (dice == 0 && cluster.Leader is { } leader)
        {
            SimulatedPeer friend = Any(cluster, random);
            foreach (SimulatedPeer other in cluster.Peers.Where(other => other != leader && (other != friend || random.Next(3) == 0)))
            {
                cluster.Network.Cut(leader.Id, other.Id);
                cluster.Network.Cut(other.Id, leader.Id);
            }
        }
        else if (dice == 1)
        {
            cluster.Network.Heal();
        }
        else if (dice == 2 && Any(cluster, random) is { IsUp: true } victim && cluster.Peers.All(peer => peer.IsUp))
        {
            cluster.Crash(victim);
        }
        else if (dice is 3 or 4 && cluster.Peers.FirstOrDefault(peer => !peer.IsUp) is { } sleeper)
        {
            cluster.Start(sleeper);
        }
    }

    private static void MaybeCrash(SimulatedCluster cluster, RaftRandom random)
    {
        int dice = random.Next(90);
        if (dice == 0 && Any(cluster, random) is { IsUp: true } victim)
        {
            cluster.Crash(victim);
        }
        else if (dice is 1 or 2 && cluster.Peers.FirstOrDefault(peer => !peer.IsUp) is { } sleeper)
        {
            cluster.Start(sleeper);
        }
    }

    private static void ChangeMembers(SimulatedCluster cluster, RaftRandom random, ref int nextServer)
    {
        if (cluster.Leader is not { } leader)
        {
            return;
        }

        RaftConfiguration configuration = leader.Node!.Configuration;
        RaftServer any = configuration.Servers[random.Next(configuration.Servers.Count)];
        switch (random.Next(4))
        {
            case 0 when nextServer < 9:
                int number = nextServer;
                if (leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, SimulatedCluster.IdOf(number), $"10.0.0.{number}:8300")).IsAccepted)
                {
                    cluster.Start(cluster.AddPeer(number));
                    nextServer++;
                }

                break;
            case 1 when leader.Node.Peers().Any(peer => peer.Server.Id == any.Id && peer.Match.Value > 0):
                leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Promote, any.Id));
                break;
            case 2:
                leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Demote, any.Id));
                break;
            case 3 when configuration.VoterCount > 2:
                leader.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Remove, any.Id));
                break;
        }
    }

    private static SimulatedPeer Any(SimulatedCluster cluster, RaftRandom random) => cluster.Peers[random.Next(cluster.Peers.Count)];
}
