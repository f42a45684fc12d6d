using System.Text;
using System.Text.Json;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using Wire = K8sConsul.Contracts.Model;

namespace K8sConsul.TemplateRunner.Tests.Data;

public sealed class WireToDataTests
{
    [Fact]
    public void Instances_are_sorted_by_node_then_id_and_their_tags_too()
    {
        Wire.ServiceEntry[] entries = [Entry("n2", "a"), Entry("n1", "b"), Entry("n1", "a", tags: ["z", "a"])];
        HealthData data = WireToData.Health(entries, DependencyParser.TryService("web", out _)!);
        Assert.Equal(["n1/a", "n1/b", "n2/a"], data.Services.Select(s => $"{s.Node}/{s.ID}"));
        Assert.Equal(["a", "z"], data.Services[0].Tags);
    }

    [Fact]
    public void Near_keeps_the_server_s_order()
    {
        HealthData data = WireToData.Health([Entry("n2", "a"), Entry("n1", "b")], DependencyParser.TryService("web~n2", out _)!);
        Assert.Equal(["n2", "n1"], data.Services.Select(s => s.Node));
    }

    [Fact]
    public void The_node_s_address_stands_in_for_the_service_s()
    {
        Wire.ServiceEntry own = Entry("n1", "a");
        own.Service.Address = "10.0.0.9";
        HealthData data = WireToData.Health([own, Entry("n2", "a")], DependencyParser.TryService("web", out _)!);
        Assert.Equal(["10.0.0.9", "addr-n2"], data.Services.Select(s => s.Address));
    }

    [Theory]
    [InlineData("web|any", "p w c m")]
    [InlineData("web|passing", "p")]
    [InlineData("web|warning,critical", "w c")]
    [InlineData("web|maintenance", "m")]
    [InlineData("web|passing,maintenance", "p m")]
    public void Filters_look_at_the_worst_state(string argument, string ids)
    {
        Wire.ServiceEntry[] entries =
        [
            Entry("n1", "p", ("x", "passing")),
            Entry("n2", "w", ("x", "passing"), ("y", "warning")),
            Entry("n3", "c", ("x", "critical"), ("y", "warning")),
            Entry("n4", "m", ("x", "critical"), ("_service_maintenance:m", "critical")),
        ];
        HealthData data = WireToData.Health(entries, DependencyParser.TryService(argument, out _)!);
        Assert.Equal(ids, string.Join(' ', data.Services.Select(s => s.ID)));
    }

    [Fact]
    public void Keys_lose_the_prefix_and_markers_are_left_out_where_they_are_shown()
    {
        Wire.KvPair[] pairs = [Pair("a/"), Pair("a/x", "1"), Pair("a/y/"), Pair("a/y/z", "2"), Pair("ab", "3")];
        KeyListData data = WireToData.Keys(pairs, "a");
        Assert.Equal(["", "x", "y/", "y/z", "b"], data.Pairs.Select(p => p.Key));
        Assert.Equal(["x", "b"], KeyPair.DirectlyBelow(data.Pairs).Select(p => p.Key));
        Assert.Equal(["x", "y/z", "b"], KeyPair.AllBelow(data.Pairs).Select(p => p.Key));
        Assert.Equal("a/y/z", data.Pairs[3].Path);
        Assert.Equal("2", data.Pairs[3].Value);
    }

    [Fact]
    public void Services_and_nodes_are_sorted()
    {
        ServicesData services = WireToData.Services(new Dictionary<string, List<string>> { ["web"] = ["b", "a"], ["db"] = [] });
        Assert.Equal(["db:", "web:a,b"], services.Services.Select(s => $"{s.Name}:{string.Join(',', s.Tags)}"));
        Wire.CatalogNode[] nodes = [new() { Node = "b" }, new() { Node = "a" }];
        Assert.Equal(["a", "b"], WireToData.Nodes(nodes, keepOrder: false).Nodes.Select(n => n.Name));
        Assert.Equal(["b", "a"], WireToData.Nodes(nodes, keepOrder: true).Nodes.Select(n => n.Name));
        NodeData node = WireToData.Node(new Wire.CatalogNodeServices
        {
            Node = new Wire.CatalogNode { Node = "n" },
            Services = new() { ["2"] = new() { ID = "2", Service = "a" }, ["1"] = new() { ID = "1", Service = "b" }, ["0"] = new() { ID = "0", Service = "a" } },
        });
        Assert.Equal(["a/0", "a/2", "b/1"], node.Node!.Services.Select(s => $"{s.Service}/{s.ID}"));
        Assert.Null(WireToData.Node(null).Node);
    }

    public static TheoryData<string> Kinds => [.. Enum.GetNames<DependencyKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Data_survives_being_written_as_JSON(string kindName)
    {
        DependencyKind kind = Enum.Parse<DependencyKind>(kindName);
        foreach (DependencyData data in Samples(kind))
        {
            byte[] json = DataCodec.Encode(data);
            using JsonDocument document = JsonDocument.Parse(json);
            DependencyData? read = DataCodec.TryDecode(kind, document.RootElement);
            Assert.Equal(data.GetType(), read!.GetType());
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(DataCodec.Encode(read)));
            Assert.Equal(DataCodec.DigestOf(data), DataCodec.DigestOf(read));
        }

        using JsonDocument wrong = JsonDocument.Parse("[1]");
        Assert.Null(DataCodec.TryDecode(kind, wrong.RootElement));
    }

    [Fact]
    public void A_digest_tells_different_data_apart()
    {
        Assert.NotEqual(DataCodec.DigestOf(new KeyData("a")), DataCodec.DigestOf(new KeyData("b")));
        Assert.NotEqual(DataCodec.DigestOf(new KeyData("")), DataCodec.DigestOf(new KeyData(null)));
    }

    [Fact]
    public void A_leaf_s_key_is_not_printed()
    {
        var leaf = new CaLeafData(new CaLeaf { PrivateKeyPEM = "secret", Service = "web" });
        Assert.DoesNotContain("secret", leaf + leaf.Leaf.ToString(), StringComparison.Ordinal);
    }

    internal static Wire.ServiceEntry Entry(string node, string id, params (string Id, string Status)[] checks)
    {
        return Entry(node, id, [], checks);
    }

    private static Wire.ServiceEntry Entry(string node, string id, List<string> tags, params (string Id, string Status)[] checks)
    {
        return new Wire.ServiceEntry
        {
            Node = new Wire.CatalogNode { Node = node, Address = "addr-" + node, Meta = new() { ["z"] = "1", ["a"] = "2" } },
            Service = new Wire.NodeService { ID = id, Service = "web", Tags = tags, Port = 80, TaggedAddresses = new() { ["lan"] = new() { Address = "x", Port = 1 } } },
            Checks = [.. checks.Select(c => new Wire.HealthCheck { CheckID = c.Id, Status = c.Status })],
        };
    }

    private static IEnumerable<DependencyData> Samples(DependencyKind kind)
    {
        return kind switch
        {
            DependencyKind.KvGet or DependencyKind.KvBlock => [new KeyData(null), new KeyData(""), new KeyData("ä<>&\"\u2028")],
            DependencyKind.KvList => [new KeyListData([]), WireToData.Keys([Pair("a/b", "x")], "a")],
            DependencyKind.HealthService or DependencyKind.HealthConnect =>
                [WireToData.Health([Entry("n", "i", ("c", "passing"))], DependencyParser.TryService("web", out _)!)],
            DependencyKind.CatalogServices => [new ServicesData([new CatalogSnippet { Name = "a", Tags = ["b"] }])],
            DependencyKind.CatalogNode => [new NodeData(null), new NodeData(new CatalogNode { Node = new Node { Name = "n" }, Services = [new CatalogNodeService { ID = "1" }] })],
            DependencyKind.CatalogNodes => [new NodesData([new Node { Name = "n", Meta = new Dictionary<string, string> { ["a"] = "b" } }])],
            DependencyKind.CatalogDatacenters => [new DatacentersData(["dc1"])],
            DependencyKind.File => [new FileData("x\n")],
            DependencyKind.CaRoots => [new CaRootsData([new CaRoot { ID = "r", Active = true }])],
            DependencyKind.CaLeaf => [new CaLeafData(new CaLeaf { CertPEM = "c" })],
            _ => [],
        };
    }

    private static Wire.KvPair Pair(string key, string? value = null)
    {
        return new Wire.KvPair { Key = key, Value = value is null ? null : Encoding.UTF8.GetBytes(value) };
    }
}
