using K8sConsul.Go;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, section 5, with 1.8's clean-up: from what the leader sees to what it does, without clock or network.</summary>
public sealed class AutopilotRulesTests
{
    private static readonly DateTimeOffset _epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Servers as "name status", with a * for a non-voter, a - before the name where gossip does not know it, a + where Raft does not.</summary>
    private static AutopilotView View(string servers, AutopilotRecord? config = null, double seconds = 0, IReadOnlyDictionary<ServerId, ServerStats>? stats = null)
    {
        var peers = new List<RaftServer>();
        var gossip = new List<ServerParts>();
        foreach (string[] words in servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(server => server.Split(' ')))
        {
            string name = words[0].Trim('*', '-', '+');
            string ip = $"10.0.0.{peers.Count + gossip.Count + 1}";
            if (!words[0].StartsWith('+'))
            {
                peers.Add(new RaftServer(new ServerId(name), ip + ":8300", words[0].EndsWith('*') ? Suffrage.Nonvoter : Suffrage.Voter));
            }

            if (!words[0].StartsWith('-'))
            {
                gossip.Add(Parts(Members.Server(name, ip, words.Length > 1 ? Enum.Parse<MemberStatus>(words[1]) : MemberStatus.Alive, id: name)));
            }
        }

        return new AutopilotView
        {
            Configuration = new RaftConfiguration(peers),
            Leader = new ServerId("a"),
            LastEntry = Entry(2, 1000),
            Gossip = gossip,
            Stats = stats ?? gossip.Where(member => member.Status == MemberStatus.Alive).ToDictionary(member => new ServerId(member.Id), _ => Well()),
            Config = config ?? new AutopilotRecord(),
            Now = _epoch.AddSeconds(seconds),
            Elapsed = TimeSpan.FromSeconds(seconds),
        };
    }

    private static ServerParts Parts(Member member)
    {
        Assert.True(ServerParts.TryParse(member, out ServerParts parts));
        return parts;
    }

    private static EntryId Entry(ulong term, ulong index) => new(new Term(term), new LogIndex(index));

    private static ServerStats Well(double contactMs = 10, ulong term = 2, ulong index = 1000) => new(TimeSpan.FromMilliseconds(contactMs), Entry(term, index));

    private static ServerHealth Health(AutopilotView view, string id, ClusterHealth? before = null) =>
        AutopilotRules.Decide(view, before ?? ClusterHealth.Unknown).Health.Servers.Single(server => server.Id.Value == id);

    [Theory]
    [InlineData("a, b, c", true, 1)]
    [InlineData("a, b, c Failed", false, 0)]
    [InlineData("a, b, c, d, e Failed", false, 1)]
    [InlineData("a, b, c, d, e", true, 2)]
    [InlineData("a", true, 0)]
    [InlineData("a, b", true, 0)]
    [InlineData("a, b, c Leaving", false, 0)]
    [InlineData("a, b, c Left", false, 0)]
    [InlineData("a, b, -c", false, 0)]
    [InlineData("a, b Failed, c Failed", false, 0)]
    [InlineData("a, b, c, d* Failed", false, 1)]
    [InlineData("a, b, c, +d Failed", true, 1)]
    public void A_cluster_is_as_healthy_as_its_peers_and_tolerates_healthy_voters_beyond_the_quorum(string servers, bool isHealthy, int tolerance)
    {
        ClusterHealth health = AutopilotRules.Decide(View(servers), ClusterHealth.Unknown).Health;
        Assert.Equal((isHealthy, tolerance), (health.IsHealthy, health.FailureTolerance));
    }

    [Theory]
    [InlineData(0, 2, 1000, true)]
    [InlineData(200, 2, 1000, true)]
    [InlineData(200.0001, 2, 1000, false)]
    [InlineData(10, 1, 1000, false)]
    [InlineData(10, 3, 1000, false)]
    [InlineData(10, 2, 750, true)]
    [InlineData(10, 2, 749, false)]
    [InlineData(10, 2, 2000, true)]
    public void A_server_is_healthy_that_heard_the_leader_and_has_its_log(double contactMs, ulong term, ulong index, bool isHealthy)
    {
        var stats = new Dictionary<ServerId, ServerStats> { [new ServerId("b")] = Well(contactMs, term, index) };
        Assert.Equal(isHealthy, Health(View("a, b", stats: stats), "b").IsHealthy);
    }

    [Fact]
    public void A_young_log_cannot_be_too_far_behind()
    {
        var stats = new Dictionary<ServerId, ServerStats> { [new ServerId("b")] = Well(index: 0) };
        Assert.True(Health(View("a, b", stats: stats) with { LastEntry = Entry(2, 250) }, "b").IsHealthy);
        Assert.False(Health(View("a, b", stats: stats) with { LastEntry = Entry(2, 251) }, "b").IsHealthy);
    }

    [Fact]
    public void A_server_that_never_heard_a_leader_or_does_not_answer_is_not_healthy()
    {
        var stats = new Dictionary<ServerId, ServerStats> { [new ServerId("b")] = new(LastContact: null, Entry(2, 1000)) };
        ClusterHealth health = AutopilotRules.Decide(View("a, b", stats: stats), ClusterHealth.Unknown).Health;
        Assert.All(health.Servers, server => Assert.False(server.IsHealthy));
        Assert.Null(health.Servers[0].StableSince);
        Assert.Equal(_epoch, health.Servers[1].StableSince);
    }

    [Fact]
    public void The_stable_time_begins_anew_whenever_health_changes()
    {
        ClusterHealth at0 = AutopilotRules.Decide(View("a, b"), ClusterHealth.Unknown).Health;
        ClusterHealth at2 = AutopilotRules.Decide(View("a, b", seconds: 2), at0).Health;
        Assert.Equal(_epoch, at2.Servers[1].StableSince);
        var late = new Dictionary<ServerId, ServerStats> { [new ServerId("b")] = Well(contactMs: 900) };
        ClusterHealth at4 = AutopilotRules.Decide(View("a, b", seconds: 4, stats: late), at2).Health;
        Assert.Equal(_epoch.AddSeconds(4), at4.Servers[1].StableSince);
        ClusterHealth at6 = AutopilotRules.Decide(View("a, b", seconds: 6), at4).Health;
        Assert.Equal((_epoch.AddSeconds(6), TimeSpan.FromSeconds(6)), (at6.Servers[1].StableSince, at6.Servers[1].StableAt));
    }

    [Fact]
    public void A_peer_unknown_to_gossip_has_neither_name_nor_version()
    {
        ServerHealth unknown = Health(View("a, -b"), "b");
        Assert.Equal(("", "", null, "10.0.0.3:8300"), (unknown.Name, unknown.Version, unknown.Status, unknown.Address));
    }

    [Theory]
    [InlineData(9.9, "10s", "")]
    [InlineData(10, "10s", "d")]
    [InlineData(0, "0s", "d")]
    [InlineData(59, "1m", "")]
    public void A_non_voter_gets_its_vote_when_it_was_healthy_for_the_stabilisation_time(double seconds, string time, string promoted)
    {
        Assert.True(GoDuration.TryParse(time, out GoDuration stabilisation, out _));
        var config = new AutopilotRecord { ServerStabilizationTime = stabilisation };
        ClusterHealth first = AutopilotRules.Decide(View("a, b, c, d*", config), ClusterHealth.Unknown).Health;
        AutopilotDecision decision = AutopilotRules.Decide(View("a, b, c, d*", config, seconds), first);
        Assert.Equal(promoted, string.Join(',', decision.Promotions.Select(server => server.Id.Value)));
    }

    [Fact]
    public void A_read_replica_an_unhealthy_server_and_a_stranger_to_gossip_get_no_vote()
    {
        var config = new AutopilotRecord { ServerStabilizationTime = GoDuration.Zero };
        Assert.Empty(AutopilotRules.Decide(View("a, b* Failed, -c*", config), ClusterHealth.Unknown).Promotions);
        AutopilotView view = View("a, b*", config);
        ServerParts replica = Parts(Members.Server("b", "10.0.0.2", id: "b", nonVoter: true));
        Assert.Empty(AutopilotRules.Decide(view with { Gossip = [view.Gossip[0], replica] }, ClusterHealth.Unknown).Promotions);
    }

    [Theory]
    [InlineData("a, b, c", 0, "", "")]
    [InlineData("a, b, c Failed", 0, "c", "")]
    [InlineData("a, b, -c", 0, "", "c")]
    [InlineData("a, b, c Left", 0, "", "")]
    [InlineData("a, b, c, d, e Failed", 0, "e", "")]
    [InlineData("a, b, c, d Failed, e Failed", 0, "d e", "")]
    [InlineData("a, b, c, d Failed, -e", 0, "d", "e")]
    [InlineData("a, b, c Failed, d Failed", 0, "", "", "denied, because removing the majority of servers 2/4 is not safe")]
    [InlineData("a, b Failed, c Failed", 0, "", "", "denied, because removing the majority of servers 2/3 is not safe")]
    [InlineData("a, b Failed", 0, "", "", "denied, because removing the majority of servers 1/2 is not safe")]
    [InlineData("a, -b", 0, "", "", "denied, because removing the majority of servers 1/2 is not safe")]
    [InlineData("a, b, c Failed", 2, "c", "")]
    [InlineData("a, b, c Failed", 3, "", "", "denied, because removing 1/3 servers would leave less then minimal allowed quorum of 3 servers")]
    [InlineData("a, b, c Failed", ulong.MaxValue, "", "", "denied, because removing 1/3 servers would leave less then minimal allowed quorum of 18446744073709551615 servers")]
    [InlineData("a, b, c, d* Failed", 3, "d", "")]
    [InlineData("a, b, c Failed, d* Failed", 3, "d", "", "denied, because removing 1/3 servers would leave less then minimal allowed quorum of 3 servers")]
    [InlineData("a, b, c, +d Failed", 0, "d", "")]
    [InlineData("-a, b, c", 0, "", "")]
    public void Dead_servers_go_while_they_are_a_minority(string servers, ulong minQuorum, string forceLeaves, string peers, string? denied = null)
    {
        AutopilotRemovals removals = AutopilotRules.Decide(View(servers, new AutopilotRecord { MinQuorum = minQuorum }), ClusterHealth.Unknown).Removals;
        Assert.Equal((forceLeaves, peers, denied), (string.Join(' ', removals.ForceLeaves), string.Join(' ', removals.Peers.Select(peer => peer.Value)), removals.Denied));
    }

    [Fact]
    public void Nobody_goes_when_the_clean_up_is_off()
    {
        AutopilotRemovals removals = AutopilotRules.Decide(View("a, b, c, d Failed, -e", new AutopilotRecord { CleanupDeadServers = false }), ClusterHealth.Unknown).Removals;
        Assert.Equal(AutopilotRemovals.None, removals);
    }

    [Fact]
    public void The_old_name_of_a_server_that_lives_under_another_is_left_to_gossip()
    {
        AutopilotView view = View("a, b, c");
        ServerParts oldName = Parts(Members.Server("old-c", "10.0.0.9", MemberStatus.Failed, id: "c"));
        AutopilotDecision decision = AutopilotRules.Decide(view with { Gossip = [oldName, .. view.Gossip] }, ClusterHealth.Unknown);
        Assert.Empty(decision.Removals.ForceLeaves);
        Assert.Equal(("c", true), (decision.Health.Servers[2].Name, decision.Health.IsHealthy));
    }

    /// <summary>Over every cluster of up to seven voters: those who stay are a majority of those who were.</summary>
    [Fact]
    public void A_majority_is_never_removed()
    {
        for (int voters = 1; voters <= 7; voters++)
        {
            for (int failed = 0; failed < voters; failed++)
            {
                for (int stale = 0; failed + stale < voters; stale++)
                {
                    string servers = string.Join(", ", Enumerable.Range(0, voters).Select(i =>
                        i == 0 ? "a" : i <= failed ? $"s{i} Failed" : i <= failed + stale ? $"-s{i}" : $"s{i}"));
                    AutopilotRemovals removals = AutopilotRules.Decide(View(servers), ClusterHealth.Unknown).Removals;
                    int gone = removals.ForceLeaves.Count + removals.Peers.Count;
                    Assert.True(gone == 0 || 2 * (voters - gone) > voters, servers);
                    Assert.Equal(2 * (failed + stale) < voters ? failed + stale : 0, gone);
                }
            }
        }
    }
}
