using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, sections 4 and 7: what gossip knows becomes what the catalog and Raft know.</summary>
public sealed class MemberReconcilerTests
{
    private static readonly Member _self = Members.Server("s1", "10.0.0.1");

    private readonly StoreLog _log = new();
    private readonly FakeMembership _raft = new(
        Peer("s1", "10.0.0.1"), Peer("s2", "10.0.0.2"), Peer("s3", "10.0.0.3"));

    private MemberList _members = Members.List(_self);

    private StateSnapshot State => _log.Store.Current;

    private MemberReconciler Reconciler => new(
        _log.Store, _log, _raft, () => _members, new ReconcilerIdentity("s1", "id-s1", "dc1"), NullLogger<MemberReconciler>.Instance, TimeProvider.System, Metrics.New().Leader);

    [Fact]
    public async Task A_client_that_joined_has_a_node_and_a_passing_serfHealth_and_no_service()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        NodeRecord node = State.Node("c1")!;
        Assert.Equal(("id-c1", "10.0.1.1", "dc1"), (node.Id, node.Address, node.Datacenter));
        CheckRecord check = State.Check("c1", "serfHealth")!;
        Assert.Equal(
            ("Serf Health Status", "passing", "Agent alive and reachable", "", ""),
            (check.Name, check.Status, check.Output, check.ServiceId, check.Notes));
        Assert.Empty(State.ServicesOfNode("c1"));
    }

    [Fact]
    public async Task A_server_that_joined_is_an_instance_of_consul_with_what_it_announced()
    {
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2", port: 9300));
        ServiceRecord service = State.Service("s2", "consul")!;
        Assert.Equal(("consul", 9300, "", ServiceWeights.Default), (service.Service, service.Port, service.Address, service.Weights));
        Assert.Equal(
            ["non_voter=false", "raft_version=3", "serf_protocol_current=2", "serf_protocol_max=5", "serf_protocol_min=1", "version=1.8.7"],
            service.Meta!.Select(m => $"{m.Key}={m.Value}"));
    }

    [Fact]
    public async Task What_is_so_already_is_not_written_again()
    {
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2"), Members.Client("c1", "10.0.1.1"), Members.Client("c2", "10.0.1.2", MemberStatus.Failed));
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2"), Members.Client("c1", "10.0.1.1", MemberStatus.Failed));
        int before = _log.Applied.Count;
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2"), Members.Client("c1", "10.0.1.1", MemberStatus.Failed));
        Assert.Equal(before, _log.Applied.Count);
    }

    [Fact]
    public async Task A_failed_member_is_critical_and_comes_back_passing()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1", MemberStatus.Failed));
        CheckRecord check = State.Check("c1", "serfHealth")!;
        Assert.Equal(("critical", "Agent not live or unreachable"), (check.Status, check.Output));
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        Assert.Equal("passing", State.Check("c1", "serfHealth")!.Status);
    }

    [Fact]
    public async Task A_member_that_failed_before_it_was_ever_seen_alive_is_not_registered()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1", MemberStatus.Failed));
        Assert.Null(State.Node("c1"));
    }

    [Fact]
    public async Task A_member_that_is_leaving_stays_as_it_is()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        int before = _log.Applied.Count;
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1", MemberStatus.Leaving));
        Assert.Equal(before, _log.Applied.Count);
    }

    [Fact]
    public async Task A_member_that_left_is_deregistered_with_all_it_had_and_removed_from_raft()
    {
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2"), Members.Client("c1", "10.0.1.1"));
        _log.Apply(new SessionCommand(Destroy: false, new SessionRecord { Id = "lock", Node = "c1", NodeChecks = ["serfHealth"] }));
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2", MemberStatus.Left), Members.Client("c1", "10.0.1.1", MemberStatus.Left));
        Assert.Null(State.Node("s2"));
        Assert.Null(State.Node("c1"));
        Assert.Null(State.SessionGet("lock").Session);
        Assert.Equal(["id-s1", "id-s3"], _raft.Configuration.Servers.Select(s => s.Id.Value));
    }

    /// <summary>A leader that leaves hands over first; its successor removes it.</summary>
    [Fact]
    public async Task The_leader_never_removes_itself()
    {
        await ReconcileAsync(_self);
        await ReconcileAsync(Members.Server("s1", "10.0.0.1", MemberStatus.Left));
        Assert.NotNull(State.Node("s1"));
        Assert.Empty(_raft.Changes);
    }

    [Fact]
    public async Task A_node_that_gossip_has_forgotten_is_deregistered_and_one_from_outside_is_not()
    {
        await ReconcileAsync(_self, Members.Client("Gone", "10.0.1.1"), Members.Client("kept", "10.0.1.2"));
        _log.Apply(new RegisterCommand { Node = new NodeRecord { Node = "outside", Address = "192.0.2.1" } });
        await ReconcileAsync(_self, Members.Client("KEPT", "10.0.1.2", id: "id-kept2"));
        Assert.Null(State.Node("Gone"));
        Assert.NotNull(State.Node("kept"));
        Assert.NotNull(State.Node("outside"));
    }

    [Fact]
    public async Task A_member_that_was_reaped_is_deregistered_at_once()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        _members = Members.List(_self);
        await Reconciler.ReconcileAsync(new MemberChange(Members.Client("c1", "10.0.1.1", MemberStatus.Failed), IsGone: true), Token);
        Assert.Null(State.Node("c1"));
    }

    /// <summary>The change waited behind others: it must not turn back what gossip has said since.</summary>
    [Fact]
    public async Task An_old_change_does_not_undo_what_gossip_says_now()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        int before = _log.Applied.Count;
        foreach (MemberStatus old in new[] { MemberStatus.Failed, MemberStatus.Left })
        {
            await Reconciler.ReconcileAsync(new MemberChange(Members.Client("c1", "10.0.1.1", old), IsGone: false), Token);
            await Reconciler.ReconcileAsync(new MemberChange(Members.Client("c1", "10.0.1.1", old), IsGone: true), Token);
        }

        Assert.Equal(before, _log.Applied.Count);
    }

    [Fact]
    public async Task Members_of_other_datacenters_and_strangers_are_left_alone()
    {
        Member segment = Members.Client("seg", "10.0.1.9");
        await ReconcileAsync(
            _self,
            Members.Client("far", "10.9.0.1", datacenter: "dc2"),
            Members.Server("far-s", "10.9.0.2", datacenter: "dc2"),
            Members.Foreign("serf", "10.0.3.1"),
            segment with { Tags = segment.Tags.SetItem("segment", "alpha") });
        Assert.Equal(["s1"], State.NodeList().Nodes.Select(n => n.Node));
        Assert.Empty(_raft.Changes);
    }

    /// <summary>
    /// The race of the agent's anti-entropy with the leader: its registration comes between our look and the log. With a registration
    /// that writes the node as it was seen, the tagged addresses and the metadata are lost until the agent looks again.
    /// </summary>
    [Fact]
    public async Task What_an_agent_says_of_its_node_between_look_and_log_survives_a_join()
    {
        BetweenLookAndLog(Own("10.0.1.1"));
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        AssertOwnSurvived("10.0.1.1");
    }

    [Fact]
    public async Task What_an_agent_says_of_its_node_between_look_and_log_survives_a_failure()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        BetweenLookAndLog(Own("10.0.1.1"));
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1", MemberStatus.Failed));
        AssertOwnSurvived("10.0.1.1");
        Assert.Equal("critical", State.Check("c1", "serfHealth")!.Status);
    }

    [Fact]
    public async Task What_an_agent_says_of_its_node_between_look_and_log_survives_a_new_address()
    {
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        BetweenLookAndLog(Own("10.0.1.1"));
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.7"));
        AssertOwnSurvived("10.0.1.7");
    }

    [Fact]
    public async Task A_new_address_is_taken_over_and_keeps_what_else_the_node_says()
    {
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.2"));
        _log.Apply(new RegisterCommand { Node = Own("10.0.0.2") with { Node = "s2", Id = "id-s2" } });
        await ReconcileAsync(_self, Members.Server("s2", "10.0.0.22"));
        NodeRecord node = State.Node("s2")!;
        Assert.Equal(("10.0.0.22", "10.0.1.1"), (node.Address, node.TaggedAddresses!["lan"]));
        Assert.Equal("passing", State.Check("s2", "serfHealth")!.Status);
        Assert.NotNull(State.Service("s2", "consul"));
    }

    [Fact]
    public async Task A_node_registered_from_outside_gets_the_id_of_the_member_that_takes_its_name()
    {
        _log.Apply(new RegisterCommand { Node = new NodeRecord { Node = "c1", Address = "10.0.1.1" } });
        await ReconcileAsync(_self, Members.Client("c1", "10.0.1.1"));
        Assert.Equal("id-c1", State.Node("c1")!.Id);
        Assert.NotNull(State.Check("c1", "serfHealth"));
    }

    /// <summary>Another machine takes the name of a node that is well: refused, and the others go on.</summary>
    [Fact]
    public async Task A_name_that_belongs_to_a_living_node_is_not_given_away()
    {
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.1", id: "11111111-1111-1111-1111-111111111111"));
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.9", id: "22222222-2222-2222-2222-222222222222"), Members.Client("b", "10.0.1.2"));
        Assert.Equal(("11111111-1111-1111-1111-111111111111", "10.0.1.1"), (State.Node("a")!.Id, State.Node("a")!.Address));
        Assert.NotNull(State.Node("b"));
    }

    [Fact]
    public async Task A_name_whose_node_is_dead_is_given_away()
    {
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.1", id: "11111111-1111-1111-1111-111111111111"));
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.1", MemberStatus.Failed, id: "11111111-1111-1111-1111-111111111111"));
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.9", id: "22222222-2222-2222-2222-222222222222"));
        Assert.Equal(("22222222-2222-2222-2222-222222222222", "10.0.1.9"), (State.Node("a")!.Id, State.Node("a")!.Address));
        Assert.Equal("passing", State.Check("a", "serfHealth")!.Status);
    }

    [Fact]
    public async Task A_node_that_comes_under_a_new_name_takes_its_id_along()
    {
        await ReconcileAsync(_self, Members.Client("old", "10.0.1.1", id: "11111111-1111-1111-1111-111111111111"));
        await ReconcileAsync(_self, Members.Client("new", "10.0.1.1", id: "11111111-1111-1111-1111-111111111111"));
        Assert.Null(State.Node("old"));
        Assert.Equal("11111111-1111-1111-1111-111111111111", State.Node("new")!.Id);
    }

    [Fact]
    public async Task A_new_server_is_added_without_a_vote()
    {
        await ReconcileAsync(_self, Members.Server("s4", "10.0.0.4"));
        Assert.Equal(new RaftServer(new ServerId("id-s4"), "10.0.0.4:8300", Suffrage.Nonvoter), _raft.Configuration.Find(new ServerId("id-s4")));
    }

    [Fact]
    public async Task A_server_at_a_new_address_keeps_its_vote_and_so_does_the_leader()
    {
        _members = Members.List(Members.Server("s1", "10.0.0.11"), Members.Server("s2", "10.0.0.22"));
        await Reconciler.ReconcileAllAsync(Token);
        Assert.Equal(
            [Peer("s1", "10.0.0.11"), Peer("s2", "10.0.0.22"), Peer("s3", "10.0.0.3")],
            _raft.Configuration.Servers);
    }

    [Fact]
    public async Task Who_waits_for_new_servers_is_told_of_each()
    {
        _members = Members.List(_self, Members.Server("s2", "10.0.0.2"), Members.Server("s4", "10.0.0.4"));
        int added = 0;
        MemberReconciler reconciler = Reconciler;
        reconciler.OnServerAdded = () => added++;
        await reconciler.ReconcileAllAsync(Token);
        await reconciler.ReconcileAllAsync(Token);
        Assert.Equal(1, added);
    }

    [Fact]
    public async Task A_server_that_lives_under_another_name_is_not_removed_with_its_old_one()
    {
        await ReconcileAsync(_self, Members.Server("s3", "10.0.0.3"), Members.Server("s3-old", "10.0.0.3", MemberStatus.Left, id: "id-s3"));
        Assert.NotNull(_raft.Configuration.Find(new ServerId("id-s3")));
        await ReconcileAsync(_self, Members.Server("s3", "10.0.0.3", MemberStatus.Left), Members.Server("s3-old", "10.0.0.3", MemberStatus.Left, id: "id-s3"));
        Assert.Null(_raft.Configuration.Find(new ServerId("id-s3")));
    }

    [Fact]
    public async Task A_server_that_takes_the_address_of_another_takes_its_place()
    {
        await ReconcileAsync(_self, Members.Server("s9", "10.0.0.3"));
        Assert.Equal(["id-s1", "id-s2", "id-s9"], _raft.Configuration.Servers.Select(s => s.Id.Value));
        Assert.False(_raft.Configuration.IsVoter(new ServerId("id-s9")));
    }

    /// <summary>Of two voters both are needed: to remove one for the sake of a newcomer would stop the cluster.</summary>
    [Fact]
    public async Task A_voter_that_cannot_be_spared_is_not_removed_for_its_address()
    {
        var raft = new FakeMembership(Peer("s1", "10.0.0.1"), Peer("s2", "10.0.0.2"));
        _members = Members.List(_self, Members.Server("s9", "10.0.0.2"));
        var reconciler = new MemberReconciler(
            _log.Store, _log, raft, () => _members, new ReconcilerIdentity("s1", "id-s1", "dc1"), NullLogger<MemberReconciler>.Instance, TimeProvider.System, Metrics.New().Leader);
        await reconciler.ReconcileAllAsync(Token);
        Assert.Empty(raft.Changes);
    }

    [Fact]
    public async Task Of_two_servers_in_bootstrap_mode_the_second_is_not_added()
    {
        await ReconcileAsync(Members.Server("s1", "10.0.0.1", bootstrap: true), Members.Server("s4", "10.0.0.4", bootstrap: true));
        Assert.Empty(_raft.Changes);
        await ReconcileAsync(_self, Members.Server("s4", "10.0.0.4", bootstrap: true));
        Assert.Single(_raft.Changes);
    }

    [Fact]
    public async Task A_member_that_cannot_be_reconciled_does_not_keep_the_others_from_it()
    {
        _log.Refuse = command => command is RegisterCommand { Node.Node: "b" } ? ConsensusFailure.Overloaded : null;
        await ReconcileAsync(_self, Members.Client("a", "10.0.1.1"), Members.Client("b", "10.0.1.2"), Members.Client("c", "10.0.1.3"));
        Assert.NotNull(State.Node("a"));
        Assert.Null(State.Node("b"));
        Assert.NotNull(State.Node("c"));
    }

    [Fact]
    public async Task When_leadership_is_lost_the_round_ends()
    {
        _log.Refuse = static _ => ConsensusFailure.NotLeader;
        ConsensusException failure = await Assert.ThrowsAsync<ConsensusException>(() => ReconcileAsync(_self, Members.Client("a", "10.0.1.1")));
        Assert.Equal(ConsensusFailure.NotLeader, failure.Failure);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RaftServer Peer(string name, string ip) => new(new ServerId($"id-{name}"), $"{ip}:8300");

    private static NodeRecord Own(string address) => new()
    {
        Node = "c1",
        Id = "id-c1",
        Address = address,
        Datacenter = "dc1",
        TaggedAddresses = StringMap.Of(("lan", "10.0.1.1"), ("wan", "192.0.2.1")),
        Meta = StringMap.Of(("consul-network-segment", ""), ("rack", "7")),
    };

    private void BetweenLookAndLog(NodeRecord node)
    {
        _log.Before = command =>
        {
            if (command is RegisterCommand { Node.Node: "c1" } or TxnCommand)
            {
                _log.Before = null;
                _log.Apply(new RegisterCommand { Node = node });
            }
        };
    }

    private void AssertOwnSurvived(string address)
    {
        Assert.Null(_log.Before);
        NodeRecord node = State.Node("c1")!;
        Assert.Equal(address, node.Address);
        Assert.Equal("192.0.2.1", node.TaggedAddresses?["wan"]);
        Assert.Equal("7", node.Meta?["rack"]);
        Assert.NotNull(State.Check("c1", "serfHealth"));
    }

    private Task ReconcileAsync(params Member[] members)
    {
        _members = Members.List(members);
        return Reconciler.ReconcileAllAsync(Token);
    }
}
