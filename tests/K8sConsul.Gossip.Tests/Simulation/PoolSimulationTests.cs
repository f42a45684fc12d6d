namespace K8sConsul.Gossip.Tests.Simulation;

/// <summary>Whole pools under faults, replayable by seed: who lives is seen alive by all who live, who is killed as failed.</summary>
public sealed class PoolSimulationTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 3)]
    [InlineData(25, 4)]
    [InlineData(50, 5)]
    public void Every_member_is_seen_alive_on_a_quiet_network(int count, ulong seed)
    {
        var pool = new SimulatedPool(seed);
        pool.AddMany(count);

        Assert.True(
            pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == count, TimeSpan.FromSeconds(60)),
            Describe(pool, seed));
        pool.RunFor(TimeSpan.FromMinutes(2));
        Assert.All(pool.Nodes, node => Assert.Equal(count, CountOf(node, MemberStatus.Alive)));
        Assert.DoesNotContain(pool.Nodes, node => node.MemberEvents.Exists(e => e.Kind == MemberEventKind.Failed));
    }

    [Theory]
    [InlineData(3, 11)]
    [InlineData(8, 12)]
    [InlineData(20, 13)]
    [InlineData(50, 14)]
    public void Killed_members_are_seen_failed_and_the_others_alive_despite_loss(int count, ulong seed)
    {
        var pool = new SimulatedPool(seed, new NetworkFaults
        {
            Loss = 0.1, Duplicate = 0.02, DelayMin = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(80),
        });
        pool.AddMany(count);
        Assert.True(
            pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == count, TimeSpan.FromMinutes(3)),
            Describe(pool, seed));
        int killed = Math.Max(1, count / 5);
        foreach (SimulatedNode victim in pool.Nodes.Skip(1).Take(killed).ToList())
        {
            SimulatedPool.Kill(victim);
        }

        Assert.True(
            pool.RunUntilAllSee(
                node => CountOf(node, MemberStatus.Failed) == killed && CountOf(node, MemberStatus.Alive) == count - killed,
                TimeSpan.FromMinutes(5)),
            Describe(pool, seed));
    }

    /// <summary>One packet of ten is lost and probes have no TCP to fall back on: members are suspected now and then, and refute in time.</summary>
    [Theory]
    [InlineData(10, 15)]
    [InlineData(25, 16)]
    public void Nobody_fails_who_only_suffers_loss(int count, ulong seed)
    {
        var pool = new SimulatedPool(seed, new NetworkFaults { Loss = 0.1, DelayMax = TimeSpan.FromMilliseconds(50) });
        pool.AddMany(count, options => options with { Gossip = options.Gossip with { StreamPings = false } });

        pool.RunFor(TimeSpan.FromMinutes(10));

        Assert.Contains(pool.Nodes, node => node.Log.Exists(line => line.Contains("Suspect ")));
        Assert.All(pool.Nodes, node => Assert.DoesNotContain(node.MemberEvents, e => e.Kind == MemberEventKind.Failed));
        Assert.All(pool.Nodes, node => Assert.Equal(count, CountOf(node, MemberStatus.Alive)));
    }

    [Theory]
    [InlineData(4, 21)]
    [InlineData(12, 22)]
    [InlineData(30, 23)]
    public void Partition_splits_the_view_and_heals(int count, ulong seed)
    {
        var pool = new SimulatedPool(seed);
        pool.AddMany(count);
        Assert.True(pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == count, TimeSpan.FromMinutes(1)), Describe(pool, seed));
        int half = count / 2;
        pool.Partition = (a, b) => pool.Nodes.IndexOf(a) < half != pool.Nodes.IndexOf(b) < half;

        Assert.True(
            pool.RunUntilAllSee(
                node => CountOf(node, MemberStatus.Alive) == (pool.Nodes.IndexOf(node) < half ? half : count - half),
                TimeSpan.FromMinutes(5)),
            Describe(pool, seed));
        pool.Partition = null;
        Assert.True(
            pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == count, TimeSpan.FromMinutes(10)), Describe(pool, seed));
    }

    [Fact]
    public void Partition_longer_than_memberlists_memory_heals_by_reconnecting()
    {
        const ulong Seed = 31;
        var pool = new SimulatedPool(Seed);
        pool.AddMany(6);
        pool.RunFor(TimeSpan.FromSeconds(30));
        pool.Partition = (a, b) => pool.Nodes.IndexOf(a) < 3 != pool.Nodes.IndexOf(b) < 3;
        pool.RunFor(TimeSpan.FromMinutes(20));
        Assert.All(pool.Nodes, node => Assert.Equal(3, CountOf(node, MemberStatus.Failed)));

        pool.Partition = null;

        Assert.True(
            pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == 6, TimeSpan.FromMinutes(10)), Describe(pool, Seed));
    }

    [Theory]
    [InlineData(2, 41)]
    [InlineData(5, 42)]
    [InlineData(20, 43)]
    public void Member_that_leaves_is_seen_left_by_all(int count, ulong seed)
    {
        var pool = new SimulatedPool(seed, new NetworkFaults { Loss = 0.05 });
        pool.AddMany(count);
        Assert.True(pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == count, TimeSpan.FromMinutes(2)), Describe(pool, seed));
        SimulatedNode leaver = pool.Nodes[^1];

        OperationId leave = pool.Do(leaver, (core, now) => core.BeginLeave(now));

        Assert.True(pool.RunUntil(pool.Now + TimeSpan.FromSeconds(30), () => leaver.Completed.ContainsKey(leave)));
        Assert.Null(leaver.Completed[leave]);
        SimulatedPool.Kill(leaver);
        Assert.True(
            pool.RunUntilAllSee(node => node.StatusOf(leaver.Core.Name) == MemberStatus.Left, TimeSpan.FromMinutes(2)), Describe(pool, seed));
        Assert.All(pool.Running, node => Assert.DoesNotContain(node.MemberEvents, e => e.Kind == MemberEventKind.Failed));
    }

    [Fact]
    public void Restarted_member_refutes_what_its_pool_remembers()
    {
        const ulong Seed = 51;
        var pool = new SimulatedPool(Seed);
        pool.AddMany(5);
        pool.RunFor(TimeSpan.FromSeconds(20));
        SimulatedNode first = pool["n5"];
        SimulatedPool.Kill(first);
        Assert.True(pool.RunUntilAllSee(node => node.StatusOf("n5") == MemberStatus.Failed, TimeSpan.FromMinutes(2)), Describe(pool, Seed));

        SnapshotState remembered = SnapshotState.Replay(first.SnapshotLines, rejoinAfterLeave: false, out int unreadable);
        Assert.Equal(0, unreadable);
        Assert.Equal(5, remembered.AliveMembers.Count);
        pool.Add("n5", previous: remembered, address: first.Address);

        Assert.True(
            pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == 5, TimeSpan.FromMinutes(1)), Describe(pool, Seed));
    }

    [Fact]
    public void Long_and_uneven_silence_of_a_member_does_not_kill_it()
    {
        const ulong Seed = 61;
        var pool = new SimulatedPool(Seed);
        pool.AddMany(8);
        pool.RunFor(TimeSpan.FromSeconds(20));

        // n3 cannot be reached by most, but by two it can: indirect probes save it.
        SimulatedNode hidden = pool["n3"];
        pool.Partition = (a, b) => (a == hidden || b == hidden) && (pool.Nodes.IndexOf(a) > 4 || pool.Nodes.IndexOf(b) > 4);
        pool.RunFor(TimeSpan.FromMinutes(3));

        Assert.All(pool.Nodes, node => Assert.Equal(MemberStatus.Alive, node.StatusOf("n3")));
        Assert.All(
            pool.Nodes.Where(node => node != hidden),
            node => Assert.DoesNotContain(node.Log, line => line.Contains("Suspect n3 has failed")));
    }

    [Fact]
    public void Encrypted_pool_works_and_a_stranger_with_another_key_stays_outside()
    {
        const ulong Seed = 71;
        Keyring Ring(byte fill)
        {
            Assert.True(GossipKey.TryCreate(Enumerable.Repeat(fill, 16).ToArray(), out GossipKey key, out _));
            return new Keyring([key]);
        }

        var pool = new SimulatedPool(Seed);
        pool.AddMany(4, options => options with { Keyring = Ring(1) });
        Assert.True(pool.RunUntilAllSee(node => CountOf(node, MemberStatus.Alive) == 4, TimeSpan.FromMinutes(1)), Describe(pool, Seed));
        SimulatedNode stranger = pool.Add("stranger", options => options with { Keyring = Ring(2) });
        SimulatedNode naked = pool.Add("naked");

        OperationId join = pool.Join(stranger, pool.Nodes[0]);
        OperationId nakedJoin = pool.Join(naked, pool.Nodes[0]);
        pool.RunFor(TimeSpan.FromSeconds(30));

        Assert.Equal("No installed keys could decrypt the message", stranger.Completed[join]);
        Assert.Equal("Remote state is encrypted and encryption is not configured", naked.Completed[nakedJoin]);
        Assert.Equal(4, CountOf(pool.Nodes[0], MemberStatus.Alive));
    }

    /// <summary>The same seed must give the same run, or a failure could not be looked into.</summary>
    [Fact]
    public void Same_seed_replays_the_same_run()
    {
        static (long, string) Run(ulong seed)
        {
            var pool = new SimulatedPool(seed, new NetworkFaults { Loss = 0.2, DelayMax = TimeSpan.FromMilliseconds(300) });
            pool.AddMany(10);
            pool.RunFor(TimeSpan.FromSeconds(60));
            return (pool.PacketCount, string.Join('\n', pool.Nodes.Select(node => string.Join('\n', node.Log))));
        }

        Assert.Equal(Run(81), Run(81));
        Assert.NotEqual(Run(81), Run(82));
    }

    private static int CountOf(SimulatedNode node, MemberStatus status) => node.Core.Members().All.Count(m => m.Status == status);

    private static string Describe(SimulatedPool pool, ulong seed) =>
        $"seed {seed}, {pool.Now}:\n" + string.Join('\n', pool.Running.Select(node => $"{node}: {node.View()}\n  " + string.Join("\n  ", node.Log.TakeLast(6))));
}
