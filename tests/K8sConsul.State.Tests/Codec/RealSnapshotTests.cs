using System.Text.Json.Nodes;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Model;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Codec;

/// <summary>A snapshot of HashiCorp's Consul 1.8.7 gives the answers that agent gave.</summary>
public sealed class RealSnapshotTests
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Testdata", "consul-1.8.7");

    private static readonly Dictionary<string, Func<StateSnapshot, (ulong Index, JsonNode? Body)>> _reads = new(StringComparer.Ordinal)
    {
        ["/v1/catalog/nodes"] = state => Rows(state.NodeList(), ConsulJson.Node),
        ["/v1/catalog/node/bare"] = state => NodeServices(state, "bare"),
        ["/v1/catalog/services"] = ServiceNames,
        ["/v1/catalog/service/Postgres"] = state => CatalogRows(state, state.ServiceInstances("postgres")),
        ["/v1/catalog/service/native"] = state => CatalogRows(state, state.ServiceInstances("native")),
        ["/v1/catalog/connect/web"] = state => CatalogRows(state, state.ConnectInstances("web")),
        ["/v1/health/service/Postgres"] = state => Rows(state.ServiceHealth("POSTGRES"), ConsulJson.Health),
        ["/v1/health/service/web-proxy"] = state => Rows(state.ServiceHealth("web-proxy"), ConsulJson.Health),
        ["/v1/health/service/gone"] = state => Rows(state.ServiceHealth("gone"), ConsulJson.Health),
        ["/v1/health/connect/web"] = state => Rows(state.ConnectHealth("web"), ConsulJson.Health),
        ["/v1/health/connect/native"] = state => Rows(state.ConnectHealth("native"), ConsulJson.Health),
        ["/v1/health/state/any"] = state => Rows(state.ChecksInState("any"), ConsulJson.Check),
        ["/v1/health/node/db-1"] = state => Rows(state.ChecksOfNode("db-1"), ConsulJson.Check),
        ["/v1/session/list"] = state => Rows(state.SessionList(), ConsulJson.Session),
        ["/v1/session/node/ext"] = state => Rows(state.SessionsOfNode("ext"), ConsulJson.Session),
        ["/v1/kv/?recurse"] = state => KvRows(state, string.Empty),
        ["/v1/kv/tree/?recurse"] = state => KvRows(state, "tree/"),
        ["/v1/kv/del/?recurse"] = state => KvRows(state, "del/"),
        ["/v1/kv/lock/?recurse"] = state => KvRows(state, "lock/"),
        ["/v1/kv/nope"] = state => (state.KvGet("nope").Index, null),
        ["/v1/coordinate/nodes"] = state => Rows(state.CoordinateList(), ConsulJson.Coordinate),
    };

    public static TheoryData<string> Paths => new(_reads.Keys);

    private static SnapshotReader ReadFixture()
    {
        var reader = new SnapshotReader();
        reader.Feed(File.ReadAllBytes(Path.Combine(_folder, "state.bin")));
        return reader;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_restored_state_answers_as_the_agent_did(string path)
    {
        JsonNode expected = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "expected.json")))![path]!;
        (ulong index, JsonNode? body) = _reads[path](ReadFixture().Finish());
        Assert.True(JsonNode.DeepEquals(expected["body"], body), $"expected {expected["body"]?.ToJsonString()}\n but got {body?.ToJsonString()}");
        Assert.Equal(expected["index"]!.GetValue<ulong>(), index);
    }

    [Fact]
    public void Every_answer_of_the_agent_is_compared() => Assert.Equal(
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "expected.json")))!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal),
        _reads.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Kinds_of_records_that_we_do_not_keep_are_counted()
    {
        SnapshotReader reader = ReadFixture();
        reader.Finish();
        Assert.Equal(new Dictionary<byte, int> { [7] = 1, [29] = 1, [30] = 1 }, reader.Skipped);
    }

    [Fact]
    public void Autopilot_is_configured_as_it_was()
    {
        AutopilotRecord config = ReadFixture().Finish().Autopilot!;
        Assert.Equal(new AutopilotRecord { CreateIndex = config.CreateIndex, ModifyIndex = config.ModifyIndex }, config);
        Assert.True(config.CreateIndex > 0 && config.ModifyIndex >= config.CreateIndex);
    }

    [Fact]
    public void Secondary_indexes_are_rebuilt_and_locks_still_end_with_their_session()
    {
        var store = new StateStore();
        store.Replace(ReadFixture().Finish(), 500);
        TableInvariants.CheckDerived(store.Current.Tables);
        SessionRecord session = store.Current.SessionList().Sessions.First(candidate => candidate.Name == "locker");
        CommandResult result = store.Apply(1_000, new RegisterCommand
        {
            Node = store.Current.Node("db-1")!,
            Checks = [store.Current.Check("db-1", "pg")! with { Status = CheckStatus.Critical }],
        });
        store.Publish();
        Assert.Null(result.Refused);
        Assert.Null(store.Current.SessionGet(session.Id).Session);
        Assert.Null(store.Current.KvGet("lock/a").Entry);
        Assert.Equal(TimeSpan.FromSeconds(20), Assert.Single(result.LockDelays).Delay);
        TableInvariants.CheckDerived(store.Current.Tables);
    }

    private static (ulong Index, JsonNode Body) Rows<T>((ulong Index, IEnumerable<T> Rows) read, Func<T, JsonNode> shape) =>
        (read.Index, ConsulJson.Array(read.Rows, shape));

    private static (ulong Index, JsonNode Body) Rows<T>((ulong Index, K8sConsul.State.Radix.RadixRange<T> Rows) read, Func<T, JsonNode> shape)
        where T : class => Rows((read.Index, read.Rows.AsEnumerable()), shape);

    private static (ulong Index, JsonNode Body) Rows<T>((ulong Index, IReadOnlyList<T> Rows) read, Func<T, JsonNode> shape) =>
        Rows((read.Index, read.Rows.AsEnumerable()), shape);

    private static (ulong Index, JsonNode? Body) KvRows(StateSnapshot state, string prefix)
    {
        (ulong index, JsonNode body) = Rows(state.KvList(prefix), ConsulJson.Kv);
        return (index, body.AsArray().Count == 0 ? null : body);
    }

    private static (ulong Index, JsonNode? Body) ServiceNames(StateSnapshot state)
    {
        (ulong index, K8sConsul.State.Radix.RadixRange<ServiceRecord> services) = state.ServiceList();
        var json = new JsonObject();
        foreach (IGrouping<string, ServiceRecord> service in services.GroupBy(service => service.Service))
        {
            json[service.Key] = ConsulJson.Array(service.SelectMany(instance => instance.Tags).Distinct().Order(StringComparer.Ordinal), tag => JsonValue.Create(tag));
        }

        return (index, json);
    }

    private static (ulong Index, JsonNode? Body) NodeServices(StateSnapshot state, string name)
    {
        (ulong index, NodeRecord? node, K8sConsul.State.Radix.RadixRange<ServiceRecord> services) = state.NodeServices(name);
        var byId = new JsonObject(services.Select(service => KeyValuePair.Create<string, JsonNode?>(service.Id, ConsulJson.Service(service))));
        return (index, new JsonObject { ["Node"] = ConsulJson.Node(node!), ["Services"] = byId });
    }

    private static (ulong Index, JsonNode? Body) CatalogRows(StateSnapshot state, (ulong Index, K8sConsul.State.Radix.RadixRange<ServiceRecord> Services) read) =>
        (read.Index, ConsulJson.Array(read.Services, service => CatalogRow(state, service)));

    private static JsonObject CatalogRow(StateSnapshot state, ServiceRecord service)
    {
        JsonObject node = ConsulJson.Node(state.Node(service.Node)!);
        JsonObject inner = ConsulJson.Service(service);
        var row = new JsonObject { ["ServiceKind"] = service.Kind, ["NodeMeta"] = node["Meta"]?.DeepClone() };
        foreach (string name in (string[])["ID", "Node", "Address", "Datacenter", "TaggedAddresses"])
        {
            row[name] = node[name]?.DeepClone();
        }

        foreach (string name in (string[])["ID", "Tags", "Address", "Meta", "Port", "Weights", "EnableTagOverride", "Proxy", "Connect"])
        {
            row["Service" + name] = inner[name]?.DeepClone();
        }

        row["ServiceName"] = service.Service;
        if (inner["TaggedAddresses"] is { } tagged)
        {
            row["ServiceTaggedAddresses"] = tagged.DeepClone();
        }

        foreach (string name in (string[])["CreateIndex", "ModifyIndex"])
        {
            row[name] = inner[name]!.DeepClone();
        }

        // Here, and nowhere else, absent meta is an empty object.
        row["ServiceMeta"] ??= new JsonObject();
        return row;
    }
}
