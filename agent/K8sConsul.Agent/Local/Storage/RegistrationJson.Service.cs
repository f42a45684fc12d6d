using System.Collections.Immutable;
using System.Text.Json;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local.Storage;

internal static partial class RegistrationJson
{
    public static void Write(Utf8JsonWriter json, ServiceDefinition service)
    {
        json.WriteStartObject();
        json.WriteString("Token", service.Token);
        json.WriteStartObject("Service");
        if (service.Kind.Length > 0)
        {
            json.WriteString("Kind", service.Kind);
        }

        json.WriteString("ID", service.Id);
        json.WriteString("Service", service.Name);
        WriteTexts(json, "Tags", service.Tags);
        json.WriteString("Address", service.Address);
        json.WriteStartObject("TaggedAddresses");
        foreach ((string name, ServiceAddress address) in service.TaggedAddresses)
        {
            json.WriteStartObject(name);
            json.WriteString("Address", address.Address);
            json.WriteNumber("Port", address.Port);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("Meta");
        foreach ((string key, string value) in service.Meta)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteNumber("Port", service.Port);
        json.WriteStartObject("Weights");
        json.WriteNumber("Passing", service.Weights.Passing);
        json.WriteNumber("Warning", service.Weights.Warning);
        json.WriteEndObject();
        json.WriteBoolean("EnableTagOverride", service.EnableTagOverride);
        json.WritePropertyName("Proxy");
        WriteProxy(json, service.Proxy ?? ProxyDefinition.Empty);
        json.WriteStartObject("Connect");
        if (service.ConnectNative)
        {
            json.WriteBoolean("Native", true);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("Source", "remote");
        json.WriteEndObject();
    }

    public static ServiceDefinition? ReadService(JsonElement root)
    {
        JsonElement json = root.GetProperty("Service");
        string name = Text(json, "Service");
        if (name.Length == 0)
        {
            return null;
        }

        ServiceDefinition service = new()
        {
            Id = Text(json, "ID"),
            Name = name,
            Kind = Text(json, "Kind"),
            Tags = [.. Texts(json, "Tags")],
            Address = Text(json, "Address"),
            Port = Int(json, "Port"),
            TaggedAddresses = Members(json, "TaggedAddresses").ToImmutableSortedDictionary(
                static m => m.Name, static m => new ServiceAddress(Text(m.Value, "Address"), Int(m.Value, "Port")), StringComparer.Ordinal),
            Meta = Members(json, "Meta").ToImmutableSortedDictionary(static m => m.Name, static m => m.Value.GetString() ?? "", StringComparer.Ordinal),
            Weights = json.TryGetProperty("Weights", out JsonElement weights) && weights.ValueKind == JsonValueKind.Object
                ? new ServiceWeights(Int(weights, "Passing"), Int(weights, "Warning"))
                : ServiceWeights.Default,
            EnableTagOverride = Bool(json, "EnableTagOverride"),
            Token = Text(root, "Token"),
            ConnectNative = json.TryGetProperty("Connect", out JsonElement connect) && connect.ValueKind == JsonValueKind.Object && Bool(connect, "Native"),
        };
        if (json.TryGetProperty("Proxy", out JsonElement proxyJson) && proxyJson.ValueKind == JsonValueKind.Object)
        {
            ProxyDefinition proxy = ReadProxy(proxyJson);
            service = service with { Proxy = proxy.Equals(ProxyDefinition.Empty) ? null : proxy };
        }

        return service;
    }

    private static void WriteProxy(Utf8JsonWriter json, ProxyDefinition proxy)
    {
        json.WriteStartObject();
        json.WriteString("DestinationServiceName", proxy.DestinationServiceName);
        json.WriteString("DestinationServiceID", proxy.DestinationServiceId);
        json.WriteString("LocalServiceAddress", proxy.LocalServiceAddress);
        json.WriteNumber("LocalServicePort", proxy.LocalServicePort);
        WriteOpaque(json, "Config", proxy.ConfigJson);
        json.WriteStartArray("Upstreams");
        foreach (UpstreamDefinition upstream in proxy.Upstreams)
        {
            json.WriteStartObject();
            json.WriteString("DestinationType", upstream.DestinationType);
            json.WriteString("DestinationNamespace", upstream.DestinationNamespace);
            json.WriteString("DestinationName", upstream.DestinationName);
            json.WriteString("Datacenter", upstream.Datacenter);
            json.WriteString("LocalBindAddress", upstream.LocalBindAddress);
            json.WriteNumber("LocalBindPort", upstream.LocalBindPort);
            WriteOpaque(json, "Config", upstream.ConfigJson);
            WriteMode(json, upstream.MeshGatewayMode);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteMode(json, proxy.MeshGatewayMode);
        json.WriteStartObject("Expose");
        json.WriteBoolean("Checks", proxy.ExposeChecks);
        json.WriteStartArray("Paths");
        foreach (ExposePath path in proxy.ExposePaths)
        {
            json.WriteStartObject();
            json.WriteNumber("ListenerPort", path.ListenerPort);
            json.WriteString("Path", path.Path);
            json.WriteNumber("LocalPathPort", path.LocalPathPort);
            json.WriteString("Protocol", path.Protocol);
            json.WriteBoolean("ParsedFromCheck", path.ParsedFromCheck);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ProxyDefinition ReadProxy(JsonElement json)
    {
        bool exposes = json.TryGetProperty("Expose", out JsonElement expose) && expose.ValueKind == JsonValueKind.Object;
        return new ProxyDefinition
        {
            DestinationServiceName = Text(json, "DestinationServiceName"),
            DestinationServiceId = Text(json, "DestinationServiceID"),
            LocalServiceAddress = Text(json, "LocalServiceAddress"),
            LocalServicePort = Int(json, "LocalServicePort"),
            ConfigJson = Opaque(json, "Config"),
            Upstreams = [.. Objects(json, "Upstreams").Select(static u => new UpstreamDefinition
            {
                DestinationType = Text(u, "DestinationType"),
                DestinationNamespace = Text(u, "DestinationNamespace"),
                DestinationName = Text(u, "DestinationName"),
                Datacenter = Text(u, "Datacenter"),
                LocalBindAddress = Text(u, "LocalBindAddress"),
                LocalBindPort = Int(u, "LocalBindPort"),
                ConfigJson = Opaque(u, "Config"),
                MeshGatewayMode = Mode(u),
            })],
            MeshGatewayMode = Mode(json),
            ExposeChecks = exposes && Bool(expose, "Checks"),
            ExposePaths = exposes
                ? [.. Objects(expose, "Paths").Select(static p => new ExposePath(
                    Int(p, "ListenerPort"), Text(p, "Path"), Int(p, "LocalPathPort"), Text(p, "Protocol"), Bool(p, "ParsedFromCheck")))]
                : [],
        };
    }

    private static IEnumerable<JsonElement> Objects(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static string Mode(JsonElement json) =>
        json.TryGetProperty("MeshGateway", out JsonElement gateway) && gateway.ValueKind == JsonValueKind.Object ? Text(gateway, "Mode") : "";

    private static void WriteMode(Utf8JsonWriter json, string mode)
    {
        json.WriteStartObject("MeshGateway");
        if (mode.Length > 0)
        {
            json.WriteString("Mode", mode);
        }

        json.WriteEndObject();
    }

    private static string Opaque(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value.GetRawText() : "";

    private static void WriteOpaque(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }
}
