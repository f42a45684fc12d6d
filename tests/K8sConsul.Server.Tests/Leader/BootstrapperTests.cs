using System.Net;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Tests.Support;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, section 3: bootstrap_expect, with servers that ask each other over real connections.</summary>
public sealed class BootstrapperTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly List<TestServer> _servers = [];
    private readonly List<Bootstrapper> _bootstrappers = [];
    private MemberList _members = MemberList.Empty;

    public async ValueTask InitializeAsync()
    {
        var addresses = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        for (int i = 1; i <= 3; i++)
        {
            _servers.Add(await TestServer.StartAsync($"s{i}", addresses));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Bootstrapper bootstrapper in _bootstrappers)
        {
            await bootstrapper.DisposeAsync();
        }

        foreach (TestServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task When_all_that_are_expected_are_there_they_form_one_cluster()
    {
        StartAll();
        See(_servers[0], _servers[1]);
        Assert.True(_servers.TrueForAll(s => s.Raft.Configuration.IsEmpty));
        See([.. _servers]);
        await TestServer.LeaderAsync(_servers);
        Assert.All(_servers, s => Assert.Equal(["s1", "s2", "s3"], s.Raft.Configuration.Servers.Select(p => p.Id.Value)));
        Assert.All(_servers, s => Assert.Equal(s.Raft.Configuration.Servers.Select(p => p.Address), _servers.Select(t => t.Address)));
    }

    [Theory]
    [InlineData("expects another number")]
    [InlineData("bootstraps alone")]
    [InlineData("has no id")]
    [InlineData("has the id of another")]
    [InlineData("is a read replica")]
    [InlineData("has failed")]
    [InlineData("is of another datacenter")]
    public async Task They_do_not_when_the_third(string fault)
    {
        Bootstrapper first = Start(_servers[0]);
        Member third = fault switch
        {
            "expects another number" => Of(_servers[2], expect: 5),
            "bootstraps alone" => Of(_servers[2], expect: 0, bootstrap: true),
            "has no id" => Of(_servers[2], id: ""),
            "has the id of another" => Of(_servers[2], id: "s2"),
            "is a read replica" => Of(_servers[2], nonVoter: true),
            "has failed" => Of(_servers[2]) with { Status = MemberStatus.Failed },
            _ => Of(_servers[2], datacenter: "dc2"),
        };
        _members = Members.List(Of(_servers[0]), Of(_servers[1]), third);
        first.Notify();

        // The next change finds everything in order: that it is acted on shows that the fault was looked at and did not end the waiting.
        await Eventually.TrueAsync(() => first.IsIdle, "the members were looked at");
        Assert.True(_servers[0].Raft.Configuration.IsEmpty);
        See([.. _servers]);
        await Eventually.TrueAsync(() => !_servers[0].Raft.Configuration.IsEmpty, "the cluster is formed when the fault is gone");
    }

    /// <summary>
    /// Two find the third with a list already. They hold nothing, so they have no vote for it: they must write that list too, in its order.
    /// </summary>
    [Fact]
    public async Task Who_is_late_writes_what_the_others_wrote()
    {
        var list = new RaftConfiguration(_servers.AsEnumerable().Reverse().Select(s => new RaftServer(s.Id, s.Address)));
        await _servers[2].Raft.BootstrapAsync(list);
        Start(_servers[0]);
        Start(_servers[1]);
        See([.. _servers]);
        await TestServer.LeaderAsync(_servers);
        Assert.All(_servers, s => Assert.Equal(list.Servers, s.Raft.Configuration.Servers));
    }

    [Fact]
    public async Task Who_is_not_in_the_list_that_the_others_wrote_waits_to_be_added()
    {
        await _servers[1].Raft.BootstrapAsync(new RaftConfiguration([.. _servers.Skip(1).Select(s => new RaftServer(s.Id, s.Address))]));
        Bootstrapper first = Start(_servers[0]);
        See([.. _servers]);
        await Eventually.TrueAsync(() => first.HasEnded, "it waits to be added");
        Assert.True(_servers[0].Raft.Configuration.IsEmpty);
    }

    [Fact]
    public async Task They_do_not_when_one_of_them_belongs_to_a_cluster()
    {
        await _servers[1].Raft.BootstrapAsync(new RaftConfiguration([new RaftServer(_servers[1].Id, _servers[1].Address)]));
        Bootstrapper first = Start(_servers[0]);
        See([.. _servers]);
        await Eventually.TrueAsync(() => first.HasEnded, "it waits to be added");
        Assert.True(_servers[0].Raft.Configuration.IsEmpty);
    }

    /// <summary>Who cannot be asked may belong to a cluster; and it may come back: the waiting must neither end nor be for ever.</summary>
    [Fact]
    public async Task While_one_cannot_be_asked_they_wait_and_ask_again()
    {
        Bootstrapper first = Start(_servers[0]);
        Member real = Of(_servers[2]);
        _members = Members.List(Of(_servers[0]), Of(_servers[1]), Of(_servers[2], port: 1));
        first.Notify();
        for (int attempt = 0; attempt < 6; attempt++)
        {
            await Eventually.TrueAsync(() => _time.Armed == 1, "it waits to ask again");
            Assert.Equal(TimeSpan.FromSeconds(1 << attempt), _time.NextDue);
            if (attempt == 5)
            {
                _members = Members.List(Of(_servers[0]), Of(_servers[1]), real);
            }

            _time.Advance(TimeSpan.FromSeconds(1 << attempt));
        }

        await Eventually.TrueAsync(() => !_servers[0].Raft.Configuration.IsEmpty, "the cluster is formed when all can be asked");
    }

    [Fact]
    public void Alone_it_is_a_cluster_of_itself_where_others_reach_it()
    {
        RaftServer server = Assert.Single(Start(_servers[0]).Alone().Servers);
        Assert.Equal((_servers[0].Id, _servers[0].Address, true), (server.Id, server.Address, server.IsVoter));
    }

    [Fact]
    public async Task News_after_the_end_are_ignored()
    {
        Bootstrapper first = Start(_servers[0]);
        await first.DisposeAsync();
        _bootstrappers.Remove(first);
        first.Notify();
        Assert.True(first.HasEnded);
    }

    private void StartAll() => _servers.ForEach(s => Start(s));

    private void See(params TestServer[] servers)
    {
        _members = Members.List([.. servers.Select(s => Of(s))]);
        _bootstrappers.ForEach(b => b.Notify());
    }

    private Bootstrapper Start(TestServer server)
    {
        var bootstrapper = new Bootstrapper(
            new ConsulServerOptions
            {
                NodeName = server.Id.Value!,
                NodeId = server.Id.Value!,
                Datacenter = "dc1",
                RpcBind = IPEndPoint.Parse(server.Address),
                RpcAdvertise = IPEndPoint.Parse(server.Address),
                Raft = new RaftHostOptions { Self = server.Id, Raft = new RaftOptions() },
                BootstrapExpect = 3,
            },
            server.Raft,
            server.Pool,
            () => _members,
            _time,
            NullLogger<Bootstrapper>.Instance);
        _bootstrappers.Add(bootstrapper);
        bootstrapper.Start();
        return bootstrapper;
    }

    private static Member Of(
        TestServer server, int expect = 3, bool bootstrap = false, string? id = null, bool nonVoter = false, string datacenter = "dc1", int? port = null) =>
        Members.Server(
            server.Id.Value!,
            "127.0.0.1",
            datacenter: datacenter,
            id: id ?? server.Id.Value!,
            port: port ?? IPEndPoint.Parse(server.Address).Port,
            bootstrap: bootstrap,
            expect: expect,
            nonVoter: nonVoter);
}
