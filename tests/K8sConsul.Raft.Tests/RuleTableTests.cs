namespace K8sConsul.Raft.Tests;

/// <summary>The pure leaves, by table and against slow versions.</summary>
public sealed class RuleTableTests
{
    [Theory]
    [InlineData(new ulong[] { }, 0)]
    [InlineData(new ulong[] { 7 }, 7)]
    [InlineData(new ulong[] { 7, 5 }, 5)]
    [InlineData(new ulong[] { 4, 7, 5 }, 5)]
    [InlineData(new ulong[] { 9, 7, 5, 4 }, 5)]
    [InlineData(new ulong[] { 1, 2, 3, 4, 5 }, 3)]
    public void A_value_is_reached_when_a_majority_has_it(ulong[] values, ulong expected) => Assert.Equal(expected, Quorum.Reached(values));

    [Fact]
    public void Reached_equals_the_slow_version()
    {
        RaftRandom random = new(5);
        for (int round = 0; round < 5000; round++)
        {
            ulong[] values = [.. Enumerable.Range(0, 1 + random.Next(9)).Select(_ => (ulong)random.Next(10))];
            ulong slow = Enumerable.Range(0, 11).Select(i => (ulong)i).Where(i => values.Count(value => value >= i) > values.Length / 2).Max();
            Assert.Equal(slow, Quorum.Reached([.. values]));
        }
    }

    [Fact]
    public void An_election_is_decided_when_the_missing_votes_cannot_change_it()
    {
        for (int voters = 1; voters <= 9; voters++)
        {
            for (int granted = 0; granted <= voters; granted++)
            {
                for (int refused = 0; granted + refused <= voters; refused++)
                {
                    int open = voters - granted - refused;
                    bool canWin = (granted + open) * 2 > voters;
                    bool hasWon = granted * 2 > voters;
                    Assert.Equal(hasWon ? true : canWin ? null : false, Quorum.Decide(voters, granted, refused));
                }
            }
        }
    }

    [Theory]
    [InlineData(5, "", 5, false, false, true, "same term, vote free")]
    [InlineData(5, "c", 5, false, false, true, "same term, voted for it before")]
    [InlineData(5, "x", 5, false, false, false, "same term, voted for another")]
    [InlineData(5, "x", 6, false, false, true, "a new term frees the vote")]
    [InlineData(5, "x", 6, false, true, false, "a fresh leader")]
    [InlineData(5, "x", 6, true, true, true, "a fresh leader that hands over")]
    public void Votes_follow_the_rule(ulong term, string vote, ulong asked, bool isTransfer, bool isLeaderFresh, bool expected, string why)
    {
        EntryId last = new(new Term(3), new LogIndex(7));
        RequestVote request = new(new ServerId("c"), new ServerId("v"), new Term(asked), last, IsPreVote: false, isTransfer);
        HardState own = new(new Term(term), new ServerId(vote), default);
        Assert.True(VoteRule.Grants(own, last, isLeaderFresh, request) == expected, why);
        // A pre-vote needs a later term than ours; the vote given in ours does not matter.
        bool preVote = asked > term && (!isLeaderFresh || isTransfer);
        Assert.True(VoteRule.Grants(own, last, isLeaderFresh, request with { IsPreVote = true }) == preVote, why);
        EntryId longer = new(new Term(3), new LogIndex(8));
        Assert.False(VoteRule.Grants(own, longer, isLeaderFresh, request), why);
    }

    /// <summary>Found by the simulator: an emptied server gave its vote to one that had been removed and knew nothing of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_holds_nothing_gives_no_vote(bool isPreVote)
    {
        RequestVote request = new(new ServerId("c"), new ServerId("v"), new Term(5), new EntryId(new Term(1), new LogIndex(1)), isPreVote, IsTransfer: false);
        Assert.False(VoteRule.Grants(default, lastEntry: default, isLeaderFresh: false, request));
        Assert.True(VoteRule.Grants(default, request.LastEntry, isLeaderFresh: false, request));
    }

    [Fact]
    public void The_window_counts_messages_and_bytes()
    {
        Inflights window = new(messagesMax: 3, bytesMax: 100);
        window.Add(new LogIndex(5), 10);
        window.Add(new LogIndex(7), 10);
        Assert.False(window.IsFull);
        window.Add(new LogIndex(9), 10);
        Assert.True(window.IsFull);
        window.FreeTo(new LogIndex(6));
        Assert.Equal(2, window.Count);
        window.Add(new LogIndex(10), 500);
        window.FreeTo(new LogIndex(9));
        Assert.True(window.IsFull);
        Assert.Throws<RaftInvariantException>(() => window.Add(new LogIndex(11), 1));
        window.FreeTo(new LogIndex(10));
        Assert.Equal(0, window.Count);
        Assert.False(window.IsFull);
    }

    [Fact]
    public void The_generator_has_the_published_sequence()
    {
        // SplitMix64 with seed 1234567, as listed with its reference implementation.
        RaftRandom random = new(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            Enumerable.Range(0, 5).Select(_ => random.NextUInt64()));
        int[] counts = new int[10];
        for (int i = 0; i < 10_000; i++)
        {
            counts[random.Next(10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 900, 1100));
    }

    [Theory]
    [InlineData(ConfigurationChangeKind.AddVoter, "d", "h4", "[a b (c) d]")]
    [InlineData(ConfigurationChangeKind.AddNonvoter, "d", "h4", "[a b (c) (d)]")]
    [InlineData(ConfigurationChangeKind.AddVoter, "c", "h3", "[a b c]")]
    [InlineData(ConfigurationChangeKind.AddNonvoter, "a", "h9", "[a b (c)]")]
    [InlineData(ConfigurationChangeKind.Promote, "c", null, "[a b c]")]
    [InlineData(ConfigurationChangeKind.Demote, "a", null, "[(a) b (c)]")]
    [InlineData(ConfigurationChangeKind.Remove, "b", null, "[a (c)]")]
    [InlineData(ConfigurationChangeKind.Remove, "z", null, null)]
    [InlineData(ConfigurationChangeKind.Promote, "z", null, null)]
    [InlineData(ConfigurationChangeKind.AddVoter, "d", "h1", null)]
    [InlineData(ConfigurationChangeKind.AddVoter, "d", "", null)]
    public void Changes_give_the_next_configuration(ConfigurationChangeKind kind, string server, string? address, string? expected)
    {
        RaftConfiguration before = new(
            [new RaftServer(new ServerId("b"), "h2"), new RaftServer(new ServerId("a"), "h1"), new RaftServer(new ServerId("c"), "h3", Suffrage.Nonvoter)]);
        bool isApplied = before.TryApply(new ConfigurationChange(kind, new ServerId(server), address), out RaftConfiguration next, out string? problem);
        Assert.Equal(expected is not null, isApplied);
        Assert.Equal(expected ?? before.ToString(), next.ToString());
        Assert.Equal(isApplied, problem is null);
    }

    [Fact]
    public void A_configuration_does_not_depend_on_the_order_it_was_given_in()
    {
        RaftServer[] servers = [new(new ServerId("b"), "h2"), new(new ServerId("a"), "h1"), new(new ServerId("c"), "h3")];
        RaftConfiguration first = new(servers);
        RaftConfiguration second = new(servers.Reverse());
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.Equal(first.Encode(), second.Encode());
        Assert.Equal((3, 2), (first.VoterCount, first.QuorumSize));
        Assert.Throws<ArgumentException>(() => new RaftConfiguration([servers[0], servers[0]]));
        Assert.Throws<ArgumentException>(() => new RaftConfiguration([new RaftServer(new ServerId(new string('x', 200)), "h")]));
    }

    public static TheoryData<RaftOptions, string> BadOptions() => new()
    {
        { new RaftOptions(), "Seed" },
        { new RaftOptions { Seed = 1, HeartbeatIntervalTicks = 0 }, "HeartbeatIntervalTicks" },
        { new RaftOptions { Seed = 1, HeartbeatTimeoutTicks = 2 }, "HeartbeatTimeoutTicks" },
        { new RaftOptions { Seed = 1, ElectionTimeoutTicks = 19 }, "ElectionTimeoutTicks" },
        { new RaftOptions { Seed = 1, LeaderLeaseTicks = 21 }, "LeaderLeaseTicks" },
        { new RaftOptions { Seed = 1, ClockDriftPercent = 51 }, "ClockDriftPercent" },
        { new RaftOptions { Seed = 1, EntryBytesMax = RaftLimits.EntryBytesMax + 1 }, "EntryBytesMax" },
        { new RaftOptions { Seed = 1, SnapshotChunkBytes = 0 }, "SnapshotChunkBytes" },
        { new RaftOptions { Seed = 1, AppendEntriesMax = RaftLimits.EntriesPerMessageMax + 1 }, "AppendEntriesMax" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_named(RaftOptions options, string name) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Consuls_timings_are_valid_options()
    {
        // raft_multiplier 5 with ticks of 50 ms, and -dev with ticks of 3 ms.
        new RaftOptions { Seed = 1, HeartbeatTimeoutTicks = 100, ElectionTimeoutTicks = 100, LeaderLeaseTicks = 50, HeartbeatIntervalTicks = 10 }.Validate();
        new RaftOptions { Seed = 1, HeartbeatTimeoutTicks = 12, ElectionTimeoutTicks = 17, LeaderLeaseTicks = 7, HeartbeatIntervalTicks = 1 }.Validate();
    }
}
