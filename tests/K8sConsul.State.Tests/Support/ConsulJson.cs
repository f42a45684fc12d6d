using System.Text.Json.Nodes;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Support;

/// <summary>Records in the shapes of Consul's HTTP API, for comparing with what a real agent answered.</summary>
internal static class ConsulJson
{
    public static JsonNode Array<T>(IEnumerable<T> items, Func<T, JsonNode> shape) => new JsonArray([.. items.Select(shape)]);

    public static JsonObject Node(NodeRecord node) => new()
    {
        ["ID"] = node.Id,
        ["Node"] = node.Node,
        ["Address"] = node.Address,
        ["Datacenter"] = node.Datacenter,
        ["TaggedAddresses"] = Map(node.TaggedAddresses),
        ["Meta"] = Map(node.Meta),
        ["CreateIndex"] = node.CreateIndex,
        ["ModifyIndex"] = node.ModifyIndex,
    };

    public static JsonObject Service(ServiceRecord service)
    {
        var json = new JsonObject
        {
            ["ID"] = service.Id,
            ["Service"] = service.Service,
            ["Tags"] = Texts(service.Tags),
            ["Address"] = service.Address,
            ["Meta"] = Map(service.Meta),
            ["Port"] = service.Port,
            ["Weights"] = new JsonObject { ["Passing"] = service.Weights.Passing, ["Warning"] = service.Weights.Warning },
            ["EnableTagOverride"] = service.EnableTagOverride,
            ["Proxy"] = Proxy(service.Proxy ?? new ProxyRecord()),
            ["Connect"] = service.ConnectNative ? new JsonObject { ["Native"] = true } : [],
            ["CreateIndex"] = service.CreateIndex,
            ["ModifyIndex"] = service.ModifyIndex,
        };
        Unless(json, "Kind", service.Kind);
        if (service.TaggedAddresses.Count > 0)
        {
            json["TaggedAddresses"] = new JsonObject(service.TaggedAddresses.Select(tagged =>
                KeyValuePair.Create<string, JsonNode?>(tagged.Name, new JsonObject { ["Address"] = tagged.Address, ["Port"] = tagged.Port })));
        }

        return json;
    }

    public static JsonObject Check(CheckRecord check) => new()
    {
        ["Node"] = check.Node,
        ["CheckID"] = check.CheckId,
        ["Name"] = check.Name,
        ["Status"] = check.Status,
        ["Notes"] = check.Notes,
        ["Output"] = check.Output,
        ["ServiceID"] = check.ServiceId,
        ["ServiceName"] = check.ServiceName,
        ["ServiceTags"] = Texts(check.ServiceTags),
        ["Type"] = check.Type,
        ["Definition"] = Definition(check.Definition ?? new CheckDefinitionRecord()),
        ["CreateIndex"] = check.CreateIndex,
        ["ModifyIndex"] = check.ModifyIndex,
    };

    public static JsonObject Health(HealthRecord health) => new()
    {
        ["Node"] = Node(health.Node),
        ["Service"] = Service(health.Service),
        ["Checks"] = Array(health.Checks, Check),
    };

    public static JsonObject Kv(KvRecord entry)
    {
        var json = new JsonObject
        {
            ["LockIndex"] = entry.LockIndex,
            ["Key"] = entry.Key,
            ["Flags"] = entry.Flags,
            ["Value"] = entry.Value.Length == 0 ? null : Convert.ToBase64String(entry.Value),
            ["CreateIndex"] = entry.CreateIndex,
            ["ModifyIndex"] = entry.ModifyIndex,
        };
        Unless(json, "Session", entry.Session);
        return json;
    }

    public static JsonObject Session(SessionRecord session) => new()
    {
        ["ID"] = session.Id,
        ["Name"] = session.Name,
        ["Node"] = session.Node,
        ["LockDelay"] = session.LockDelay.Ticks * TimeSpan.NanosecondsPerTick,
        ["Behavior"] = session.Behavior,
        ["TTL"] = session.Ttl,
        ["NodeChecks"] = Texts(session.NodeChecks),
        ["ServiceChecks"] = session.ServiceChecks.Count == 0
            ? null
            : Array(session.ServiceChecks, check => new JsonObject { ["ID"] = check.Id, ["Namespace"] = check.Namespace }),
        ["CreateIndex"] = session.CreateIndex,
        ["ModifyIndex"] = session.ModifyIndex,
    };

    public static JsonObject Coordinate(CoordinateRecord coordinate) => new()
    {
        ["Node"] = coordinate.Node,
        ["Segment"] = coordinate.Segment,
        ["Coord"] = new JsonObject
        {
            ["Vec"] = Array(coordinate.Vec, component => JsonValue.Create(component)),
            ["Error"] = coordinate.Error,
            ["Adjustment"] = coordinate.Adjustment,
            ["Height"] = coordinate.Height,
        },
    };

    private static JsonObject Proxy(ProxyRecord proxy)
    {
        var expose = new JsonObject();
        if (proxy.ExposeChecks)
        {
            expose["Checks"] = true;
        }

        if (proxy.ExposePaths.Count > 0)
        {
            expose["Paths"] = Array(proxy.ExposePaths, path => new JsonObject
            {
                ["ListenerPort"] = path.ListenerPort,
                ["Path"] = path.Path,
                ["LocalPathPort"] = path.LocalPathPort,
                ["Protocol"] = path.Protocol,
                ["ParsedFromCheck"] = path.ParsedFromCheck,
            });
        }

        var json = new JsonObject { ["MeshGateway"] = MeshGateway(proxy.MeshGatewayMode), ["Expose"] = expose };
        Unless(json, "DestinationServiceName", proxy.DestinationServiceName);
        Unless(json, "DestinationServiceID", proxy.DestinationServiceId);
        Unless(json, "LocalServiceAddress", proxy.LocalServiceAddress);
        if (proxy.LocalServicePort != 0)
        {
            json["LocalServicePort"] = proxy.LocalServicePort;
        }

        if (proxy.ConfigJson.Length > 0)
        {
            json["Config"] = JsonNode.Parse(proxy.ConfigJson);
        }

        if (proxy.Upstreams.Count > 0)
        {
            json["Upstreams"] = Array(proxy.Upstreams, Upstream);
        }

        return json;
    }

    private static JsonObject Upstream(UpstreamRecord upstream)
    {
        var json = new JsonObject
        {
            ["DestinationType"] = upstream.DestinationType,
            ["DestinationName"] = upstream.DestinationName,
            ["Datacenter"] = upstream.Datacenter,
            ["LocalBindPort"] = upstream.LocalBindPort,
            ["Config"] = upstream.ConfigJson.Length == 0 ? null : JsonNode.Parse(upstream.ConfigJson),
            ["MeshGateway"] = MeshGateway(upstream.MeshGatewayMode),
        };
        Unless(json, "LocalBindAddress", upstream.LocalBindAddress);
        return json;
    }

    private static JsonObject Definition(CheckDefinitionRecord definition)
    {
        var json = new JsonObject();
        Unless(json, "HTTP", definition.Http);
        Unless(json, "Method", definition.Method);
        Unless(json, "Body", definition.Body);
        Unless(json, "TCP", definition.Tcp);
        Unless(json, "Interval", GoDuration(definition.Interval));
        Unless(json, "Timeout", GoDuration(definition.Timeout));
        Unless(json, "DeregisterCriticalServiceAfter", GoDuration(definition.DeregisterCriticalServiceAfter));
        if (definition.TlsSkipVerify)
        {
            json["TLSSkipVerify"] = true;
        }

        if (definition.Header.Count > 0)
        {
            json["Header"] = new JsonObject(definition.Header.Select(line => KeyValuePair.Create<string, JsonNode?>(line.Key, Texts(line.Value))));
        }

        return json;
    }

    /// <summary>Only as much as the fixture needs.</summary>
    private static string GoDuration(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => string.Empty,
        { TotalHours: >= 1 } => FormattableString.Invariant($"{(int)duration.TotalHours}h{duration.Minutes}m{duration.Seconds}s"),
        _ => FormattableString.Invariant($"{duration.TotalSeconds}s"),
    };

    private static JsonObject MeshGateway(string mode) => mode.Length == 0 ? [] : new JsonObject { ["Mode"] = mode };

    private static JsonNode Texts(IEnumerable<string> texts) => Array(texts, text => JsonValue.Create(text));

    private static JsonObject? Map(StringMap? map) =>
        map is null ? null : new JsonObject(map.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value)));

    private static void Unless(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
    }
}
