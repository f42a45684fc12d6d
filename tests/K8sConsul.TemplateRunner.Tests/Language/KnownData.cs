using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Engine;

namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>Data by the printed form of what it answers.</summary>
internal sealed class KnownData : IDependencyView
{
    private readonly Dictionary<string, DependencyData> _data = new(StringComparer.Ordinal);

    public static KnownData Sample { get; } = new()
    {
        ["kv.block(a)"] = new KeyData("1"),
        ["kv.block(absent)"] = new KeyData(Value: null),
        ["kv.get(a)"] = new KeyData("1"),
        ["kv.get(empty)"] = new KeyData(string.Empty),
        ["kv.get(absent)"] = new KeyData(Value: null),
        ["kv.list(app)"] = new KeyListData(
        [
            new KeyPair { Path = "app/", Key = "", Value = "" },
            new KeyPair { Path = "app/a", Key = "a", Value = "A", ModifyIndex = 7, Flags = 3 },
            new KeyPair { Path = "app/b/", Key = "b/", Value = "" },
            new KeyPair { Path = "app/b/c", Key = "b/c", Value = "C" },
        ]),
        ["kv.list(none)"] = new KeyListData([]),
        ["health.service(web|passing)"] = new HealthData([Web("n1", "web1", 8001, "v1", "primary"), Web("n2", "web2", 8002)]),
        ["health.service(empty|passing)"] = new HealthData([]),
        ["health.service(web|any)"] = new HealthData([Web("n1", "web1", 8001, "v1"), Web("n2", "web2", 8002), Web("n3", "web3", 8003)]),
        ["health.connect(web|passing)"] = new HealthData([Web("n1", "web1-proxy", 20000)]),
        ["catalog.services"] = new ServicesData([new CatalogSnippet { Name = "consul" }, new CatalogSnippet { Name = "web", Tags = ["v1"] }]),
        ["catalog.node"] = new NodeData(new CatalogNode
        {
            Node = new Node { ID = "id", Name = "me", Address = "10.0.0.1", Datacenter = "dc1", Meta = Texts(("rack", "r1")) },
            Services = [new CatalogNodeService { ID = "web1", Service = "web", Port = 80, Tags = ["v1"] }],
        }),
        ["catalog.node(gone)"] = new NodeData(Node: null),
        ["catalog.nodes"] = new NodesData([new Node { Name = "a", Address = "10.0.0.1" }, new Node { Name = "b", Address = "10.0.0.2" }]),
        ["catalog.datacenters"] = new DatacentersData(["dc1", "dc2"]),
        ["file(/etc/x)"] = new FileData("content"),
        ["connect.caroots"] = new CaRootsData([new CaRoot { ID = "r", Name = "root", RootCertPEM = "PEM", Active = true }]),
        ["connect.caleaf(web)"] = new CaLeafData(new CaLeaf { Service = "web", CertPEM = "CERT", PrivateKeyPEM = "KEY" }),
    };

    public DependencyData this[string dependency]
    {
        set => _data[dependency] = value;
    }

    public DependencyData? Recall(Dependency dependency)
    {
        return _data.GetValueOrDefault(dependency.ToString());
    }

    private static HealthService Web(string node, string id, int port, params string[] tags)
    {
        return new HealthService
        {
            Node = node,
            ID = id,
            Name = "web",
            Address = "10.1.0.1",
            NodeAddress = "10.0.0.1",
            Port = port,
            Tags = tags,
            Status = ServiceStatus.Passing,
            ServiceMeta = Texts(("zone", "z1")),
            ServiceTaggedAddresses = new Dictionary<string, ServiceAddress>(StringComparer.Ordinal) { ["lan"] = new() { Address = "10.1.0.9", Port = 9 } },
            Checks = [new ServiceCheck { CheckID = "alive", Name = "alive", Status = "passing", Output = "ok" }],
        };
    }

    private static Dictionary<string, string> Texts(params (string Key, string Value)[] entries)
    {
        return entries.ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal);
    }
}
