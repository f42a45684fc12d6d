using System.Text.Json.Nodes;
using K8sConsul.Agent.Dns;
using K8sConsul.Testing;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>The same nodes and services for our server and for a real agent.</summary>
internal static class DnsWorld
{
    private sealed record Service(string Name, int Port)
    {
        public string Address { get; init; } = "";

        public string[] Tags { get; init; } = [];

        public int WeightPassing { get; init; } = 1;

        public int WeightWarning { get; init; } = 1;

        public string Status { get; init; } = "";

        public string ProxyFor { get; init; } = "";

        public (string Key, string Address, int Port)[] Tagged { get; init; } = [];

        public string Id { get; init; } = Name;
    }

    private sealed record Entry(string Node, string Address, params Service[] Services)
    {
        public (string Key, string Value)[] Meta { get; init; } = [];

        public (string Key, string Value)[] Tagged { get; init; } = [];

        public string Status { get; init; } = "";
    }

    private static readonly Entry[] s_entries =
    [
        new("foo", "10.0.0.1", new Service("db", 5432) { Tags = ["primary", "v1"], Status = "passing" })
        {
            Meta = [("k", "v"), ("rfc1035-x", "plain"), ("RFC1035-e", ""), ("under_score", "a`b=c")],
        },
        new("bar", "10.0.0.2", new Service("db", 5433) { Address = "10.9.9.2", WeightPassing = 10, WeightWarning = 3, Status = "warning" }),
        new("baz", "10.0.0.3", new Service("db", 5434) { Status = "critical" }),
        new("sick", "10.0.0.4", new Service("onsick", 1)) { Status = "critical" },
        new("UPPER.Node", "10.0.0.5", new Service("MixedCase", 5) { Tags = ["TagUP", "t.1"] }),
        new("six", "fd00::6", new Service("six", 6), new Service("mixed", 61) { Id = "mixed6" }),
        new("four", "10.0.0.44", new Service("mixed", 62) { Id = "mixed4" }),
        new("dual", "10.5.0.1", new Service("dual", 1))
        {
            Tagged = [("lan", "10.5.0.1"), ("lan_ipv4", "10.5.0.4"), ("lan_ipv6", "fd00::5"), ("wan", "198.18.0.9")],
        },
        new("dual2", "10.5.0.2", new Service("duals", 1)
        {
            Address = "10.6.0.1",
            Tagged = [("lan_ipv4", "10.6.0.4", 44), ("lan_ipv6", "fd00::66", 66), ("wan", "198.18.0.1", 99)],
        }),
        new("ext", "www.example.com", new Service("extsvc", 443)),
        new("alias", "foo.node.consul", new Service("aliased", 7)),
        new("cn", "10.0.0.7", new Service("cn", 80) { Address = "db.service.consul" }),
        new("cnmany", "10.0.0.17", new Service("cnmany", 80) { Address = "many.service.consul" }),
        new("both", "10.0.0.18", new Service("both", 80) { Id = "both1", Address = "www.example.com" }, new Service("both", 81) { Id = "both2" }),
        new("loop", "loop.node.consul", new Service("loop", 1) { Address = "loop.service.consul" }),
        new("selfy", "10.0.0.8", new Service("selfy", 9) { Address = "selfy.service.consul" }),
        new("c", "10.0.0.9", new Service("twice", 1) { Id = "twice1" }, new Service("twice", 2) { Id = "twice2" }),
        new("d", "10.0.0.10", new Service("same", 1) { Id = "same1" }, new Service("same", 1) { Id = "same2" }),
        new("under_score", "10.0.0.11", new Service("under_score", 11)),
        new("p1", "10.0.0.12", new Service("db-proxy", 21000) { ProxyFor = "db", Status = "passing" }),
        .. Enumerable.Range(10, 30).Select(i => new Entry($"m{i}", $"10.2.0.{i}", new Service("many", 1000 + i)) { Meta = [("k", $"v{i}")] }),
    ];

    public static InMemoryDnsCatalog Catalog(int serverPort = 8300)
    {
        var catalog = new InMemoryDnsCatalog();
        var server = new DnsNode("n1", "dc1", "127.0.0.1") { Meta = new Dictionary<string, string> { ["consul-network-segment"] = "" } };
        catalog.Add(new DnsInstance(server, "consul", "", serverPort, DnsHealth.Passing));
        foreach (Entry entry in s_entries)
        {
            var node = new DnsNode(entry.Node, "dc1", entry.Address)
            {
                Meta = entry.Meta.ToDictionary(pair => pair.Key, pair => pair.Value),
                TaggedAddresses = entry.Tagged.ToDictionary(pair => pair.Key, pair => pair.Value),
            };
            catalog.Add(node);
            foreach (Service service in entry.Services)
            {
                var instance = new DnsInstance(
                    node,
                    service.ProxyFor.Length > 0 ? service.ProxyFor : service.Name,
                    service.Address,
                    service.Port,
                    (DnsHealth)Math.Max((int)HealthOf(entry.Status), (int)HealthOf(service.Status)))
                {
                    WeightPassing = service.WeightPassing,
                    WeightWarning = service.WeightWarning,
                    TaggedAddresses = service.Tagged.ToDictionary(tag => tag.Key, tag => new DnsServiceAddress(tag.Address, tag.Port)),
                };
                if (service.ProxyFor.Length > 0)
                {
                    catalog.Add(instance, DnsServiceKind.Connect, service.Tags);
                }

                catalog.Add(instance with { Service = service.Name }, service.Tags);
            }
        }

        DnsInstance foo = InstanceOf("foo", 5432, DnsHealth.Passing);
        catalog.Add("pq", new DnsQueryResult("dc1", "db", TimeSpan.FromSeconds(7), [foo]));
        catalog.Add("dotted.name", new DnsQueryResult("dc1", "db", null, [foo]));
        catalog.Add("empty", new DnsQueryResult("dc1", "nothing", null, []));
        return catalog;

        DnsInstance InstanceOf(string name, int port, DnsHealth health)
        {
            Entry entry = s_entries.First(known => known.Node == name);
            return new DnsInstance(
                new DnsNode(name, "dc1", entry.Address) { Meta = entry.Meta.ToDictionary(pair => pair.Key, pair => pair.Value) },
                "db",
                "",
                port,
                health);
        }
    }

    public static async Task RegisterAsync(RealConsulAgent consul)
    {
        foreach (Entry entry in s_entries)
        {
            await consul.PutAsync("/v1/catalog/register", NodeJson(entry).ToJsonString());
            foreach (Service service in entry.Services)
            {
                await consul.PutAsync("/v1/catalog/register", ServiceJson(entry, service).ToJsonString());
            }
        }

        await consul.PostAsync("/v1/query", """{"Name":"pq","Service":{"Service":"db","Tags":["primary"]},"DNS":{"TTL":"7s"}}""");
        await consul.PostAsync("/v1/query", """{"Name":"dotted.name","Service":{"Service":"db","Tags":["v1"]}}""");
        await consul.PostAsync("/v1/query", """{"Name":"empty","Service":{"Service":"nothing"}}""");
    }

    private static DnsHealth HealthOf(string status) => status switch
    {
        "critical" => DnsHealth.Critical,
        "warning" => DnsHealth.Warning,
        _ => DnsHealth.Passing,
    };

    private static JsonObject NodeJson(Entry entry)
    {
        var json = new JsonObject
        {
            ["Node"] = entry.Node,
            ["Address"] = entry.Address,
            ["NodeMeta"] = Map(entry.Meta),
            ["TaggedAddresses"] = Map(entry.Tagged),
        };
        if (entry.Status.Length > 0)
        {
            json["Check"] = new JsonObject { ["Node"] = entry.Node, ["CheckID"] = "serfHealth", ["Name"] = "serf", ["Status"] = entry.Status };
        }

        return json;
    }

    private static JsonObject ServiceJson(Entry entry, Service service)
    {
        JsonObject json = NodeJson(entry);
        var body = new JsonObject
        {
            ["ID"] = service.Id,
            ["Service"] = service.Name,
            ["Port"] = service.Port,
            ["Address"] = service.Address,
            ["Tags"] = new JsonArray([.. service.Tags.Select(tag => JsonValue.Create(tag))]),
            ["Weights"] = new JsonObject { ["Passing"] = service.WeightPassing, ["Warning"] = service.WeightWarning },
        };
        if (service.Tagged.Length > 0)
        {
            var tagged = new JsonObject();
            foreach ((string key, string address, int port) in service.Tagged)
            {
                tagged[key] = new JsonObject { ["Address"] = address, ["Port"] = port };
            }

            body["TaggedAddresses"] = tagged;
        }

        if (service.ProxyFor.Length > 0)
        {
            body["Kind"] = "connect-proxy";
            body["Proxy"] = new JsonObject { ["DestinationServiceName"] = service.ProxyFor };
        }

        json["Service"] = body;
        if (service.Status.Length > 0)
        {
            json["Check"] = new JsonObject
            {
                ["Node"] = entry.Node,
                ["CheckID"] = "check:" + service.Id,
                ["Name"] = "check",
                ["Status"] = service.Status,
                ["ServiceID"] = service.Id,
            };
        }

        return json;
    }

    private static JsonObject Map((string Key, string Value)[] pairs)
        => new(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
}
