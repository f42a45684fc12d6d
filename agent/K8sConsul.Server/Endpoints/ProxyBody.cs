using System.Collections.Frozen;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>
/// The proxy part of a service registration; snake case is understood as well. Consul decodes it by a decoder of its own,
/// so that errors name the field that holds the proxy and none within it.
/// </summary>
/// <param name="field">That field, e.g. <c>NodeService.Service.Proxy</c>.</param>
public sealed class ProxyBody(string field)
{
    private const string ProxyType =
        """struct { DestinationServiceNameSnake string "json:\"destination_service_name\""; DestinationServiceIDSnake string "json:\"destination_service_id\""; LocalServiceAddressSnake string "json:\"local_service_address\""; LocalServicePortSnake int "json:\"local_service_port\""; *structs.Alias }""";

    public ProxyRecord Decode(GoJsonValue body)
    {
        var proxy = new ProxyRecord();
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, ProxyType))
        {
            proxy = Plain(name) switch
            {
                "destinationservicename" => proxy with { DestinationServiceName = JsonDecode.Text(value, field) },
                "destinationserviceid" => proxy with { DestinationServiceId = JsonDecode.Text(value, field) },
                "localserviceaddress" => proxy with { LocalServiceAddress = JsonDecode.Text(value, field) },
                "localserviceport" => proxy with { LocalServicePort = JsonDecode.Int(value, field) },
                "config" => proxy with { ConfigJson = Config(value) },
                "upstreams" => proxy with { Upstreams = [.. JsonDecode.List(value, field, "structs.Upstreams").Select(Upstream)] },
                "meshgateway" => proxy with { MeshGatewayMode = Mode(value) },
                "expose" => Expose(proxy, value),
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return proxy;
    }

    private UpstreamRecord Upstream(GoJsonValue body)
    {
        var upstream = new UpstreamRecord();
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, "structs.Upstream"))
        {
            upstream = Plain(name) switch
            {
                "destinationtype" => upstream with { DestinationType = JsonDecode.Text(value, field) },
                "destinationnamespace" => upstream with { DestinationNamespace = JsonDecode.Text(value, field) },
                "destinationname" => upstream with { DestinationName = JsonDecode.Text(value, field) },
                "datacenter" => upstream with { Datacenter = JsonDecode.Text(value, field) },
                "localbindaddress" => upstream with { LocalBindAddress = JsonDecode.Text(value, field) },
                "localbindport" => upstream with { LocalBindPort = JsonDecode.Int(value, field) },
                "config" => upstream with { ConfigJson = Config(value) },
                "meshgateway" => upstream with { MeshGatewayMode = Mode(value) },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return upstream;
    }

    private string Config(GoJsonValue value)
    {
        foreach ((_, GoJsonValue member) in JsonDecode.Members(value, field, "map[string]interface {}"))
        {
            RequireFloats(member);
        }

        return ServiceBody.Compact(value);
    }

    /// <summary>Numbers of a free form must fit a float64, because that is how Go holds and prints them.</summary>
    private void RequireFloats(GoJsonValue value)
    {
        if (value.Kind == GoJsonKind.Number)
        {
            _ = JsonDecode.Float(value, field);
        }

        foreach (GoJsonValue item in value.Items)
        {
            RequireFloats(item);
        }

        foreach ((_, GoJsonValue member) in value.Members)
        {
            RequireFloats(member);
        }
    }

    private string Mode(GoJsonValue body)
    {
        string mode = string.Empty;
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, "structs.MeshGatewayConfig"))
        {
            mode = Plain(name) == "mode" ? JsonDecode.Text(value, field, "structs.MeshGatewayMode") : throw JsonDecode.Unknown(name);
        }

        return mode;
    }

    private ProxyRecord Expose(ProxyRecord proxy, GoJsonValue body)
    {
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, "structs.ExposeConfig"))
        {
            proxy = Plain(name) switch
            {
                "checks" => proxy with { ExposeChecks = JsonDecode.Bool(value, field) },
                "paths" => proxy with { ExposePaths = [.. JsonDecode.List(value, field, "[]structs.ExposePath").Select(Path)] },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return proxy;
    }

    private ExposePathRecord Path(GoJsonValue body)
    {
        var path = new ExposePathRecord(0, string.Empty, 0, string.Empty, ParsedFromCheck: false);
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, "structs.ExposePath"))
        {
            path = Plain(name) switch
            {
                "listenerport" => path with { ListenerPort = JsonDecode.Int(value, field) },
                "path" => path with { Path = JsonDecode.Text(value, field) },
                "localpathport" => path with { LocalPathPort = JsonDecode.Int(value, field) },
                "protocol" => path with { Protocol = JsonDecode.Text(value, field) },
                "parsedfromcheck" => path with { ParsedFromCheck = JsonDecode.Bool(value, field) },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return path;
    }

    /// <summary>The names that 1.8.7 takes in snake case too.</summary>
    private static readonly FrozenSet<string> SnakeNames = FrozenSet.ToFrozenSet(
        [
            "destination_service_name", "destination_service_id", "local_service_address", "local_service_port",
            "destination_type", "destination_namespace", "destination_name", "local_bind_port", "local_bind_address",
            "listener_port", "local_path_port", "parsed_from_check",
        ],
        StringComparer.Ordinal);

    private static string Plain(string name)
    {
        string lower = name.ToLowerInvariant();
        return SnakeNames.Contains(lower) ? lower.Replace("_", string.Empty, StringComparison.Ordinal) : lower;
    }
}
