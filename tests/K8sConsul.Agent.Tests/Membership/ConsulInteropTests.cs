using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>A real Consul server with us as a client agent, as far as gossip goes.</summary>
public sealed class ConsulInteropTests
{
    private const int Alive = 1;
    private const int Left = 3;
    private const int Failed = 4;

    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static GossipPoolOptions Client(GossipPoolOptions options)
    {
        string id = Guid.NewGuid().ToString();
        return options with
        {
            Gossip = GossipOptions.Lan,
            Tags = new ConsulTags { Datacenter = "dc1", NodeId = id, Build = "1.8.7:" }.ForClient(),
            MergeRule = ConsulMergeRules.Lan("dc1", id, options.Name),
        };
    }

    [Fact]
    public async Task Consul_registers_us_and_deregisters_us_when_we_leave()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using TestPool ours = await TestPool.StartAsync("cli1", Client);

        Assert.Empty((await ours.JoinAsync(consul.Address)).Errors);

        await consul.UntilMemberStatusAsync("cli1", Alive);
        await ours.WaitForStatusAsync("srv1", MemberStatus.Alive);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") == "passing", "serfHealth passing");
        Assert.True(ServerParts.TryParse(ours.Pool.Members.Find("srv1")!, out ServerParts server));
        Assert.Equal((consul.RpcPort, "dc1", true, new Version(1, 8, 7), 3), (server.RpcAddress.Port, server.Datacenter, server.Bootstrap, server.Build, server.RaftVersion));
        (_, string members) = await consul.CommandAsync("members");
        Assert.Matches(@"cli1\s+127\.0\.0\.1:\d+\s+alive\s+client\s+1\.8\.7\s+2\s+dc1\s+<default>", members);

        await ours.Pool.LeaveAsync(Cancellation);

        await consul.UntilMemberStatusAsync("cli1", Left);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") is null, "the node to be deregistered");
    }

    [Fact]
    public async Task Consul_takes_us_for_failed_when_we_vanish_and_for_passing_when_we_return()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using TestPool ours = await TestPool.StartAsync("cli1", Client);
        GossipPoolOptions same = Client(TestPool.Options("cli1")) with { Tags = ours.Pool.LocalMember.Tags, MergeRule = null };
        await ours.JoinAsync(consul.Address);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") == "passing", "serfHealth passing");
        ushort port = ours.Pool.LocalMember.Port;

        await ours.Pool.ShutdownAsync();

        await consul.UntilMemberStatusAsync("cli1", Failed);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") == "critical", "serfHealth critical");
        await using TestPool again = await TestPool.StartAsync("cli1", _ => same with { BindPort = port });
        await again.JoinAsync(consul.Address);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") == "passing", "serfHealth passing again");
    }

    [Fact]
    public async Task Events_cross_and_consul_joins_us_as_well()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using TestPool ours = await TestPool.StartAsync("cli1", Client);

        (int exitCode, string output) = await consul.CommandAsync("join", ours.Address);
        Assert.True(exitCode == 0, output);
        await ours.WaitForStatusAsync("srv1", MemberStatus.Alive);
        (exitCode, output) = await consul.CommandAsync("event", "-name=deploy", "v1");
        Assert.True(exitCode == 0, output);

        await ours.WaitForAsync(() => ours.Events.OfType<UserEventReceived>().Any(e => e.Name == "consul:event:deploy"), "consul's event");
        await ours.Pool.SendUserEventAsync("consul:new-leader", "cli1"u8.ToArray(), coalesce: false, Cancellation);
        await consul.UntilAsync(() => Task.FromResult(consul.HasLogged("New leader elected: payload=cli1")), "our event to be taken in");
        await ours.Pool.LeaveAsync(Cancellation);
    }

    [Fact]
    public async Task Encrypted_pool_takes_us_in_with_the_key_and_rotates_it_with_us()
    {
        string second = Convert.ToBase64String([.. Enumerable.Repeat((byte)5, 32)]);
        await using RealConsul consul = await RealConsul.StartAsync($"-encrypt={Key}");
        await using TestPool ours = await TestPool.StartAsync("cli1", o => Client(o) with { EncryptKey = Convert.FromBase64String(Key) });
        await using TestPool stranger = await TestPool.StartAsync("cli2", o => Client(o) with { EncryptKey = Convert.FromBase64String(second) });
        await ours.JoinAsync(consul.Address);
        await consul.UntilAsync(async () => await consul.SerfHealthAsync("cli1") == "passing", "serfHealth passing");

        Assert.Equal(
            "1 error occurred:\n\t* Failed to join 127.0.0.1: No installed keys could decrypt the message\n\n",
            (await stranger.JoinAsync(consul.Address)).ErrorText);
        foreach (string command in new[] { $"-install={second}", $"-use={second}", $"-remove={Key}" })
        {
            (int exitCode, string output) = await consul.CommandAsync("keyring", command);
            Assert.True(exitCode == 0, $"{command}: {output}\n{string.Join('\n', ours.LogLines.TakeLast(20))}");
        }

        Assert.Equal([second], ours.Pool.LocalKeys);
        (_, string listed) = await consul.CommandAsync("keyring", "-list");
        Assert.Contains($"dc1 (LAN):\n  {second} [2/2]", listed);
        Assert.Equal(MemberStatus.Alive, ours.StatusOf("srv1"));
    }

    [Fact]
    public async Task Consul_refuses_what_its_merge_delegate_refuses_and_so_do_we()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using TestPool wrong = await TestPool.StartAsync("cli1", o => Client(o) with
        {
            Tags = new ConsulTags { Datacenter = "dc2", NodeId = Guid.NewGuid().ToString(), Build = "1.8.7:" }.ForClient(),
            MergeRule = ConsulMergeRules.Lan("dc2", "x", "cli1"),
        });

        JoinResult ourView = await wrong.JoinAsync(consul.Address);

        Assert.Equal("Failed to join 127.0.0.1: Member 'srv1' part of wrong datacenter 'dc1'", Assert.Single(ourView.Errors));
        await consul.UntilAsync(() => Task.FromResult(consul.HasLogged("Member 'cli1' part of wrong datacenter 'dc2'")), "consul's refusal");
        Assert.Null(await consul.MemberAsync("cli1"));
    }

    [Fact]
    public async Task Server_of_another_datacenter_meets_consul_in_the_WAN_pool()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        static GossipPoolOptions Server(GossipPoolOptions options) => options with
        {
            Pool = "wan",
            Gossip = GossipOptions.Wan with { ProbeInterval = TimeSpan.FromMilliseconds(500) },
            Tags = new ConsulTags { Datacenter = "dc2", NodeId = Guid.NewGuid().ToString(), Build = "1.8.7:" }.ForServer(8300, bootstrap: true, expect: 1, wanJoinPort: 0),
            MergeRule = ConsulMergeRules.Wan(),
        };
        await using TestPool ours = await TestPool.StartAsync("srv2.dc2", Server);
        await using TestPool client = await TestPool.StartAsync("cli.dc2", o => Client(o) with { MergeRule = ConsulMergeRules.Wan() });

        Assert.Empty((await ours.JoinAsync(consul.WanAddress)).Errors);
        Assert.Empty((await client.JoinAsync(consul.WanAddress)).Errors);

        await ours.WaitForStatusAsync("srv1.dc1", MemberStatus.Alive);
        Assert.True(ServerParts.TryParse(ours.Pool.Members.Find("srv1.dc1")!, out ServerParts server));
        Assert.Equal(("srv1", "dc1", consul.RpcPort), (server.ShortName, server.Datacenter, server.RpcAddress.Port));
        await consul.UntilAsync(
            async () => (await consul.MemberAsync("srv2.dc2", wan: true))?["Status"]?.GetValue<int>() == Alive, "consul to see our server in the WAN");
        await consul.UntilAsync(
            async () => (await consul.TryGetAsync("/v1/catalog/datacenters"))?.AsArray().Select(d => d!.GetValue<string>()).Contains("dc2") == true,
            "consul to know our datacenter");

        // A client is no member of the WAN pool: the exchange looks like a success to it, and nobody takes it in.
        Assert.Null(await consul.MemberAsync("cli.dc2", wan: true));
        await ours.Pool.LeaveAsync(Cancellation);
        await consul.UntilAsync(
            async () => (await consul.MemberAsync("srv2.dc2", wan: true))?["Status"]?.GetValue<int>() == Left, "consul to see our server left");
    }

    [Fact]
    public async Task Snapshot_that_consul_wrote_leads_us_into_its_pool()
    {
        await using RealConsul consul = await RealConsul.StartAsync();
        await using TestPool helper = await TestPool.StartAsync("cli1", Client);
        await helper.JoinAsync(consul.Address);
        string snapshot = Path.Combine(consul.Folder, "serf", "local.snapshot");
        await consul.UntilAsync(
            async () =>
            {
                await consul.CommandAsync("event", "-name=nudge");
                return (await File.ReadAllTextAsync(snapshot, Cancellation)).Contains("alive: srv1");
            },
            "consul's snapshot");
        string copy = Path.Combine(consul.Folder, "copy.snapshot");
        File.Copy(snapshot, copy);

        await using TestPool ours = await TestPool.StartAsync("cli2", o => Client(o) with { SnapshotFile = copy });

        await ours.WaitForStatusAsync("srv1", MemberStatus.Alive);
        await consul.UntilMemberStatusAsync("cli2", Alive);
    }
}
