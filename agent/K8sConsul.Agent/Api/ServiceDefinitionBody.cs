using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Endpoints;
using K8sConsul.State.Records;
using ServiceWeights = K8sConsul.Agent.Local.Definitions.ServiceWeights;

namespace K8sConsul.Agent.Api;

/// <summary>A service as the agent's API takes it. Names are compared without case, and some in snake case as well.</summary>
internal static class ServiceDefinitionBody
{
    /// <summary>Go's name of what a body must be, as it stands in the error for one that is not.</summary>
    public const string GoType =
        """struct { EnableTagOverrideSnake bool "json:\"enable_tag_override\""; TaggedAddressesSnake map[string]structs.ServiceAddress "json:\"tagged_addresses\""; *structs.Alias }""";

    public static ServiceDefinition Decode(GoJsonValue body)
    {
        var service = new ServiceDefinition();
        CheckDefinition? single = null;
        List<CheckDefinition> checks = [];
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "check":
                    single = value.IsNull ? null : CheckDefinitionBody.DecodeOfService(value, ".Check");
                    break;
                case "checks":
                    checks = [.. JsonDecode.List(value, ".Checks", "structs.CheckTypes").Select(check => CheckDefinitionBody.DecodeOfService(check, ".Checks"))];
                    break;
                default:
                    service = Read(service, name, value);
                    break;
            }
        }

        // The single check is the first: the others' IDs are numbered after it.
        return service with { Checks = single is null ? [.. checks] : [single, .. checks] };
    }

    private static ServiceDefinition Read(ServiceDefinition service, string name, GoJsonValue value) => name.ToLowerInvariant() switch
    {
        "kind" => service with { Kind = JsonDecode.Text(value, ".Kind", "structs.ServiceKind") },
        "id" => service with { Id = JsonDecode.Text(value, ".ID") },
        "name" => service with { Name = JsonDecode.Text(value, ".Name") },
        "tags" => service with { Tags = [.. JsonDecode.Texts(value, ".Tags")] },
        "address" => service with { Address = JsonDecode.Text(value, ".Address") },
        "port" => service with { Port = JsonDecode.Int(value, ".Port") },
        "taggedaddresses" or "tagged_addresses" => service with
        {
            TaggedAddresses = ServiceBody.TaggedAddresses(value, ".", string.Empty)
                .ToImmutableSortedDictionary(t => t.Name, t => new ServiceAddress(t.Address, t.Port), StringComparer.Ordinal),
        },
        "meta" => service with { Meta = Meta(value) },
        "weights" => service with { Weights = Weights(value) },
        "token" => service with { Token = JsonDecode.Text(value, ".Token") },
        "enabletagoverride" or "enable_tag_override" => service with { EnableTagOverride = JsonDecode.Bool(value, ".EnableTagOverride") },
        "proxy" => service with { Proxy = value.IsNull ? null : Proxy(new ProxyBody(".Proxy").Decode(value)) },
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

        K8sConsul.State.Records.ServiceWeights weights = ServiceBody.Weights(value, ".", string.Empty);
        return new ServiceWeights(weights.Passing, weights.Warning);
    }

    private static ServiceDefinition Connect(ServiceDefinition service, GoJsonValue value)
    {
        service = service with { ConnectNative = ServiceBody.Native(value, ".Connect") };
        foreach ((string name, GoJsonValue member) in value.Members)
        {
            if (name.ToLowerInvariant() is "sidecarservice" or "sidecar_service")
            {
                // Refused later, but what is no service is refused as that.
                foreach ((string field, GoJsonValue part) in JsonDecode.Members(member, ".Connect", GoType))
                {
                    _ = field.ToLowerInvariant() is "check" or "checks" ? service : Read(service, field, part);
                }

                service = service with { HasSidecarService = !member.IsNull };
            }
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
                DestinationType = u.DestinationType.Length == 0 ? "service" : u.DestinationType,
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
