using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The proxy part of a service registration; snake case is understood as well.</summary>
public static class ProxyBody
{
    public static ProxyRecord Decode(GoJsonValue body)
    {
        ServiceBody.RequireObject(body, ".Proxy", "structs.ConnectProxyConfig");
        var proxy = new ProxyRecord();
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            proxy = Plain(name) switch
            {
                "destinationservicename" => proxy with { DestinationServiceName = JsonDecode.Text(value, ".Proxy.DestinationServiceName") },
                "destinationserviceid" => proxy with { DestinationServiceId = JsonDecode.Text(value, ".Proxy.DestinationServiceID") },
                "localserviceaddress" => proxy with { LocalServiceAddress = JsonDecode.Text(value, ".Proxy.LocalServiceAddress") },
                "localserviceport" => proxy with { LocalServicePort = JsonDecode.Int(value, ".Proxy.LocalServicePort") },
                "config" => proxy with { ConfigJson = ServiceBody.Compact(value) },
                "upstreams" => proxy with { Upstreams = [.. JsonDecode.List(value, ".Proxy.Upstreams", "structs.Upstreams").Select(Upstream)] },
                "meshgateway" => proxy with { MeshGatewayMode = Mode(value) },
                "expose" => Expose(proxy, value),
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return proxy;
    }

    private static UpstreamRecord Upstream(GoJsonValue body)
    {
        var upstream = new UpstreamRecord { DestinationType = "service" };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            upstream = Plain(name) switch
            {
                "destinationtype" => upstream with { DestinationType = JsonDecode.Text(value, ".DestinationType") is { Length: > 0 } type ? type : "service" },
                "destinationnamespace" => upstream with { DestinationNamespace = JsonDecode.Text(value, ".DestinationNamespace") },
                "destinationname" => upstream with { DestinationName = JsonDecode.Text(value, ".DestinationName") },
                "datacenter" => upstream with { Datacenter = JsonDecode.Text(value, ".Datacenter") },
                "localbindaddress" => upstream with { LocalBindAddress = JsonDecode.Text(value, ".LocalBindAddress") },
                "localbindport" => upstream with { LocalBindPort = JsonDecode.Int(value, ".LocalBindPort") },
                "config" => upstream with { ConfigJson = ServiceBody.Compact(value) },
                "meshgateway" => upstream with { MeshGatewayMode = Mode(value) },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return upstream;
    }

    private static string Mode(GoJsonValue body)
    {
        string mode = string.Empty;
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            mode = Plain(name) == "mode" ? JsonDecode.Text(value, ".MeshGateway.Mode") : throw JsonDecode.Unknown(name);
        }

        return mode;
    }

    private static ProxyRecord Expose(ProxyRecord proxy, GoJsonValue body)
    {
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            proxy = Plain(name) switch
            {
                "checks" => proxy with { ExposeChecks = JsonDecode.Bool(value, ".Expose.Checks") },
                "paths" => proxy with { ExposePaths = [.. JsonDecode.List(value, ".Expose.Paths", "[]structs.ExposePath").Select(Path)] },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return proxy;
    }

    private static ExposePathRecord Path(GoJsonValue body)
    {
        var path = new ExposePathRecord(0, string.Empty, 0, string.Empty, ParsedFromCheck: false);
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            path = Plain(name) switch
            {
                "listenerport" => path with { ListenerPort = JsonDecode.Int(value, ".ListenerPort") },
                "path" => path with { Path = JsonDecode.Text(value, ".Path") },
                "localpathport" => path with { LocalPathPort = JsonDecode.Int(value, ".LocalPathPort") },
                "protocol" => path with { Protocol = JsonDecode.Text(value, ".Protocol") },
                "parsedfromcheck" => path with { ParsedFromCheck = JsonDecode.Bool(value, ".ParsedFromCheck") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return path;
    }

    private static string Plain(string name) => name.Replace("_", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
}
