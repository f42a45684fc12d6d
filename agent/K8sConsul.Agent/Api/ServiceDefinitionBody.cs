using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Endpoints;
using K8sConsul.State.Records;
using ServiceWeights = K8sConsul.Agent.Local.Definitions.ServiceWeights;

namespace K8sConsul.Agent.Api;

/// <summary>A service as the agent's API takes it. Names are compared without case, and in snake case as well.</summary>
internal static class ServiceDefinitionBody
{
    /// <summary>What Go calls the shape that a body is read into; clients see it when the body is no object at all.</summary>
    public const string GoType =
        """struct { EnableTagOverrideSnake bool "json:\"enable_tag_override\""; """
        + """TaggedAddressesSnake map[string]structs.ServiceAddress "json:\"tagged_addresses\""; *structs.Alias }""";

    public static ServiceDefinition Decode(GoJsonValue body)
    {
        var service = new ServiceDefinition();
        GoJsonValue? single = null;
        List<CheckDefinition> checks = [];
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (CheckDefinitionBody.Plain(name))
            {
                case "check":
                    single = value;
                    break;
                case "checks":
                    checks.AddRange(JsonDecode.List(value, ".Checks", "structs.CheckTypes").Select(check => CheckDefinitionBody.Decode(check, ofService: true)));
                    break;
                default:
                    service = Read(service, name, value);
                    break;
            }
        }

        if (single is { IsNull: false })
        {
            checks.Add(CheckDefinitionBody.Decode(single, ofService: true));
        }

        return service with { Checks = [.. checks] };
    }

    private static ServiceDefinition Read(ServiceDefinition service, string name, GoJsonValue value) => CheckDefinitionBody.Plain(name) switch
    {
        "kind" => service with { Kind = JsonDecode.Text(value, ".Kind") },
        "id" => service with { Id = JsonDecode.Text(value, ".ID") },
        "name" => service with { Name = JsonDecode.Text(value, ".Name") },
        "tags" => service with { Tags = [.. JsonDecode.Texts(value, ".Tags")] },
        "address" => service with { Address = JsonDecode.Text(value, ".Address") },
        "port" => service with { Port = JsonDecode.Int(value, ".Port") },
        "taggedaddresses" => service with
        {
            TaggedAddresses = ServiceBody.TaggedAddresses(value, ".TaggedAddresses")
                .ToImmutableSortedDictionary(t => t.Name, t => new ServiceAddress(t.Address, t.Port), StringComparer.Ordinal),
        },
        "meta" => service with { Meta = Meta(value) },
        "weights" => service with { Weights = Weights(value) },
        "token" => service with { Token = JsonDecode.Text(value, ".Token") },
        "enabletagoverride" => service with { EnableTagOverride = JsonDecode.Bool(value, ".EnableTagOverride") },
        "proxy" => service with { Proxy = value.IsNull ? null : Proxy(ProxyBody.Decode(value)) },
        "connect" => Connect(service, value),
        _ => throw JsonDecode.Unknown(name),
    };

    private static ImmutableSortedDictionary<string, string> Meta(GoJsonValue value) =>
        (JsonDecode.Map(value, ".Meta") ?? StringMap.Empty).ToImmutableSortedDictionary<string, string>(StringComparer.Ordinal);

    private static ServiceWeights Weights(GoJsonValue value)
    {
        if (value.IsNull)
        {
            return ServiceWeights.Default;
        }

        ServiceBody.RequireObject(value, ".Weights", "structs.Weights");
        K8sConsul.State.Records.ServiceWeights weights = ServiceBody.Weights(value);
        return new ServiceWeights(weights.Passing, weights.Warning);
    }

    private static ServiceDefinition Connect(ServiceDefinition service, GoJsonValue value)
    {
        foreach ((string name, GoJsonValue member) in value.Members)
        {
            service = CheckDefinitionBody.Plain(name) switch
            {
                "native" => service with { ConnectNative = JsonDecode.Bool(member, ".Connect") },
                "sidecarservice" => service with { HasSidecarService = !member.IsNull },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return service;
    }

    private static ProxyDefinition Proxy(ProxyRecord proxy) => new()
    {
        DestinationServiceName = proxy.DestinationServiceName,
        DestinationServiceId = proxy.DestinationServiceId,
        LocalServiceAddress = proxy.LocalServiceAddress,
        LocalServicePort = proxy.LocalServicePort,
        ConfigJson = proxy.ConfigJson,
        Upstreams =
        [
            .. proxy.Upstreams.Select(u => new UpstreamDefinition
            {
                DestinationType = u.DestinationType,
                DestinationNamespace = u.DestinationNamespace,
                DestinationName = u.DestinationName,
                Datacenter = u.Datacenter,
                LocalBindAddress = u.LocalBindAddress,
                LocalBindPort = u.LocalBindPort,
                ConfigJson = u.ConfigJson,
                MeshGatewayMode = u.MeshGatewayMode,
            }),
        ],
        MeshGatewayMode = proxy.MeshGatewayMode,
        ExposeChecks = proxy.ExposeChecks,
        ExposePaths = [.. proxy.ExposePaths.Select(p => new ExposePath(p.ListenerPort, p.Path, p.LocalPathPort, p.Protocol, p.ParsedFromCheck))],
    };
}
