using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Tests.Model;

/// <summary>Answers of Consul 1.8.7, read and written again, must say the same: no member lost, none added, null where it was null.</summary>
public sealed class RecordedShapeTests
{
    /// <summary>Members that the shapes leave out on purpose.</summary>
    private static readonly string[] _dropped = ["Index", "LastContact", "KnownLeader", "ConsistencyLevel"];

    public static TheoryData<string> Recordings =>
    [
        "members", "self", "agent-services", "agent-checks", "catalog-nodes", "catalog-services", "catalog-service", "catalog-node",
        "health-service", "health-state", "kv", "sessions", "raft-configuration", "autopilot", "autopilot-health",
        "coordinate-datacenters", "coordinate-nodes", "events", "datacenters", "leader", "txn", "txn-refused",
    ];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recorded_answer_survives_reading_and_writing(string name)
    {
        JsonNode recorded = JsonNode.Parse(Testfile.Read($"{name}.json"))!;
        if (name.StartsWith("txn", StringComparison.Ordinal))
        {
            foreach (string member in _dropped)
            {
                recorded.AsObject().Remove(member);
            }
        }

        JsonTypeInfo type = TypeOf(name);
        object? value = JsonSerializer.Deserialize(recorded.ToJsonString(), type);
        JsonNode written = JsonNode.Parse(JsonSerializer.Serialize(value, type))!;
        Assert.True(JsonNode.DeepEquals(Comparable(recorded), Comparable(written)), $"recorded:\n{recorded}\n\nwritten:\n{written}");
    }

    [Fact]
    public void Coordinates_keep_their_eight_dimensions()
    {
        List<CoordinateEntry> entries = JsonSerializer.Deserialize(Testfile.Read("coordinate-nodes.json"), ConsulJsonContext.Default.ListCoordinateEntry)!;
        Assert.Equal(8, entries[0].Coord!.Vec.Length);
    }

    private static JsonTypeInfo TypeOf(string name)
    {
        ConsulJsonContext json = ConsulJsonContext.Default;
        return name switch
        {
            "members" => json.ListAgentMember,
            "self" => json.AgentSelf,
            "agent-services" => json.DictionaryStringAgentService,
            "agent-checks" => json.DictionaryStringHealthCheck,
            "catalog-nodes" => json.ListCatalogNode,
            "catalog-services" => json.DictionaryStringListString,
            "catalog-service" => json.ListCatalogService,
            "catalog-node" => json.CatalogNodeServices,
            "health-service" => json.ListServiceEntry,
            "health-state" => json.ListHealthCheck,
            "kv" => json.ListKvPair,
            "sessions" => json.ListSessionEntry,
            "raft-configuration" => json.RaftConfiguration,
            "autopilot" => json.AutopilotConfiguration,
            "autopilot-health" => json.AutopilotHealth,
            "coordinate-datacenters" => json.ListCoordinateDatacenter,
            "coordinate-nodes" => json.ListCoordinateEntry,
            "events" => json.ListUserEvent,
            "datacenters" => json.ListString,
            "leader" => json.String,
            "txn" or "txn-refused" => json.TxnResponse,
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    /// <summary>Numbers and times by value: 1e-05 and 0.00001 are one.</summary>
    private static JsonNode? Comparable(JsonNode? node)
    {
        return node switch
        {
            JsonObject members => new JsonObject(members
                .Where(member => member.Key is not ("DebugConfig" or "xDS"))
                .OrderBy(member => member.Key, StringComparer.Ordinal)
                .Select(member => KeyValuePair.Create(member.Key, Comparable(member.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Comparable)]),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonValue.Create(double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)),
            JsonValue value when value.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParse(value.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset time) =>
                JsonValue.Create(time.ToUnixTimeMilliseconds()),
            _ => node?.DeepClone(),
        };
    }
}
