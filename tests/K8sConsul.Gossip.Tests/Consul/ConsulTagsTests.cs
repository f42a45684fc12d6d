using System.Net;
using System.Text.Json.Nodes;

namespace K8sConsul.Gossip.Tests.Consul;

public sealed class ConsulTagsTests
{
    /// <summary>What real Consul 1.8.7 agents sent, told apart by the name of the capture.</summary>
    [Theory]
    [InlineData("consul_lan_join_client_push_pull", "client")]
    [InlineData("consul_lan_join_server_reply", "lan")]
    [InlineData("consul_wan_join_push_pull", "wan")]
    public void Our_tags_are_those_of_a_real_agent_with_the_same_settings(string capture, string kind)
    {
        JsonObject node = TestFiles.Vectors("vectors/consul_gossip.jsonl").Single(v => v.Name() == capture)["decoded"]!["inner"]!["nodes"]![0]!.AsObject();
        Dictionary<string, string> real = node["Meta_tags"]!.AsObject().ToDictionary(t => t.Key, t => t.Value!.GetValue<string>());
        var tags = new ConsulTags { Datacenter = real["dc"], NodeId = real["id"], Build = real["build"], Acls = real["acls"] };

        var ours = kind switch
        {
            "client" => tags.ForClient(),
            "lan" => tags.ForServer(int.Parse(real["port"]), bootstrap: true, expect: 1, wanJoinPort: int.Parse(real["wan_join_port"])),
            _ => tags.ForServer(int.Parse(real["port"]), bootstrap: true, expect: 1, wanJoinPort: 0),
        };

        Assert.Equal(real.OrderBy(t => t.Key, StringComparer.Ordinal), ours);
    }

    [Fact]
    public void Optional_tags_appear_only_when_they_mean_something()
    {
        var tags = new ConsulTags { Datacenter = "dc1", NodeId = "id", Build = "1.8.7:", UseTls = true, ReconnectTimeout = TimeSpan.FromHours(8) };

        var server = tags.ForServer(8300, bootstrap: false, expect: 3, wanJoinPort: 8302, nonVoter: true);

        Assert.Equal(("3", "1", "1", false, false), (server["expect"], server["nonvoter"], server["use_tls"], server.ContainsKey("bootstrap"), server.ContainsKey("rc_tm")));
        Assert.Equal("8h0m0s", tags.ForClient()["rc_tm"]);
        Assert.False(tags.ForClient().ContainsKey("use_tls"));
    }

    [Fact]
    public void Server_is_read_from_its_tags()
    {
        Member member = Server("srv1.dc1", ("wan_join_port", "8302"), ("expect", "3"), ("use_tls", "1"), ("nonvoter", "1"));

        Assert.True(ServerParts.TryParse(member, out ServerParts parts));

        Assert.Equal(("srv1.dc1", "srv1", "dc1", "0001"), (parts.Name, parts.ShortName, parts.Datacenter, parts.Id));
        Assert.Equal("10.0.0.7:8300", parts.RpcAddress.ToString());
        Assert.Equal((3, 8302, 3, 2), (parts.Expect, parts.WanJoinPort, parts.RaftVersion, parts.Version));
        Assert.Equal((true, true, true, false), (parts.UseTls, parts.NonVoter, parts.FederationStates, parts.Bootstrap));
        Assert.Equal(new Version(1, 8, 7), parts.Build);
    }

    [Theory]
    [InlineData("role", "node")]
    [InlineData("role", null)]
    [InlineData("port", null)]
    [InlineData("port", "x")]
    [InlineData("port", "70000")]
    [InlineData("vsn", null)]
    [InlineData("vsn", "two")]
    [InlineData("expect", "three")]
    [InlineData("raft_vsn", "")]
    [InlineData("wan_join_port", "-")]
    [InlineData("ft_fs", "yes")]
    [InlineData("build", null)]
    [InlineData("build", "1.8")]
    [InlineData("grpc_port", "0")]
    [InlineData("grpc_tls_port", "x")]
    public void Anything_that_does_not_parse_makes_it_no_server(string tag, string? value)
    {
        Member member = Server("srv1");
        Assert.True(ServerParts.TryParse(member, out _));

        Member spoilt = member with { Tags = value is null ? member.Tags.Remove(tag) : member.Tags.SetItem(tag, value) };

        Assert.False(ServerParts.TryParse(spoilt, out _));
    }

    [Theory]
    [InlineData("1.8.7:", "1.8.7")]
    [InlineData("1.8.7:a1b2c3d4", "1.8.7")]
    [InlineData("1.21.4+ent-dev:12345678", "1.21.4")]
    [InlineData("v0.7.5 and 1.2.3", "0.7.5")]
    [InlineData("9.9 1.22.333", "1.22.333")]
    public void Build_is_found_inside_its_tag(string text, string version)
    {
        Assert.True(ConsulBuild.TryParse(text, out Version build));
        Assert.Equal(Version.Parse(version), build);
    }

    [Theory]
    [InlineData("n1", "0002", "dc1", MemberStatus.None, null)]
    [InlineData("n1", "0001", "dc1", MemberStatus.None, "Member 'n1' has conflicting node ID '0001' with this agent's ID")]
    [InlineData("US", "0001", "dc1", MemberStatus.None, null)]
    [InlineData("n1", "0001", "dc1", MemberStatus.Left, null)]
    [InlineData("n1", "0002", "dc2", MemberStatus.None, "Member 'n1' part of wrong datacenter 'dc2'")]
    public void Lan_rule_keeps_datacenters_apart_and_node_ids_unique(string name, string id, string datacenter, MemberStatus status, string? refusal)
    {
        Member member = Client(name, id, datacenter) with { Status = status };

        Assert.Equal(refusal, ConsulMergeRules.Lan("dc1", "0001", "us")([member]));
    }

    [Fact]
    public void Lan_rule_refuses_twins_and_what_only_Enterprise_knows()
    {
        MergeRule rule = ConsulMergeRules.Lan("dc1", "0001", "us");

        Assert.Equal("Member 'b' has conflicting node ID '0002' with member 'a'", rule([Client("a", "0002", "dc1"), Client("b", "0002", "dc1")]));
        Member old = Client("a", "0002", "dc1");
        Assert.Null(rule([old with { Tags = old.Tags.SetItem("build", "0.8.4:") }, Client("b", "0002", "dc1")]));
        Assert.Equal("Member 'a' part of wrong segment 'alpha' (expected '')", rule([old with { Tags = old.Tags.SetItem("segment", "alpha") }]));
        Assert.Contains("partition 'p'", rule([old with { Tags = old.Tags.SetItem("ap", "p") }]));
        Assert.Contains("FIPS", rule([old with { Tags = old.Tags.SetItem("fips", "1") }]));
    }

    [Fact]
    public void Wan_rule_takes_servers_only()
    {
        MergeRule rule = ConsulMergeRules.Wan();

        Assert.Null(rule([Server("srv1.dc1"), Server("srv2.dc2")]));
        Assert.Null(ConsulMergeRules.Wan("dc1")([Server("srv1.dc1")]));
        Assert.Equal("Member 'srv1.dc1' part of wrong datacenter 'dc1'; WAN federation is disabled", ConsulMergeRules.Wan("dc2")([Server("srv1.dc1")]));
        Assert.Equal("Member 'cli1' is not a server", rule([Server("srv1.dc1"), Client("cli1", "0002", "dc1")]));
    }

    private static Member Client(string name, string id, string datacenter) => new()
    {
        Name = name,
        Address = new MemberAddress(IPAddress.Parse("10.0.0.9"), 8301),
        Tags = new ConsulTags { Datacenter = datacenter, NodeId = id, Build = "1.8.7:" }.ForClient(),
    };

    private static Member Server(string name, params (string Tag, string Value)[] more)
    {
        var tags = new ConsulTags { Datacenter = "dc1", NodeId = "0001", Build = "1.8.7:" }.ForServer(8300, bootstrap: false, expect: 1, wanJoinPort: 0);
        return new Member
        {
            Name = name,
            Address = new MemberAddress(IPAddress.Parse("10.0.0.7"), 8301),
            Status = MemberStatus.Alive,
            Tags = tags.AddRange(more.Select(m => new KeyValuePair<string, string>(m.Tag, m.Value))),
        };
    }
}
