using System.Text;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>
/// A service as catalog registrations give it. The field names in errors are Go's: the struct that holds the field, then
/// the path to it.
/// </summary>
public static class ServiceBody
{
    private const string ConnectType =
        """struct { SidecarServiceSnake *structs.ServiceDefinition "json:\"sidecar_service\""; *structs.Alias }""";

    /// <exception cref="GoJsonException">In the words of Go's decoder.</exception>
    public static ServiceRecord Decode(GoJsonValue body)
    {
        var service = new ServiceRecord { Node = string.Empty, Id = string.Empty, Service = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "RegisterRequest.Service", "structs.NodeService"))
        {
            service = name.ToLowerInvariant() switch
            {
                "kind" => service with { Kind = JsonDecode.Text(value, "NodeService.Service.Kind", "structs.ServiceKind") },
                "id" => service with { Id = JsonDecode.Text(value, "NodeService.Service.ID") },
                "service" => service with { Service = JsonDecode.Text(value, "NodeService.Service.Service") },
                "tags" => service with { Tags = JsonDecode.Texts(value, "NodeService.Service.Tags") },
                "address" => service with { Address = JsonDecode.Text(value, "NodeService.Service.Address") },
                "taggedaddresses" => service with { TaggedAddresses = TaggedAddresses(value, "NodeService.Service.", "Service.") },
                "meta" => service with { Meta = JsonDecode.Map(value, "NodeService.Service.Meta") },
                "port" => service with { Port = JsonDecode.Int(value, "NodeService.Service.Port") },
                "weights" => service with { Weights = Weights(value, "NodeService.Service.", "Service.") },
                "enabletagoverride" => service with { EnableTagOverride = JsonDecode.Bool(value, "NodeService.Service.EnableTagOverride") },
                "proxy" => service with { Proxy = value.IsNull ? null : new ProxyBody("NodeService.Service.Proxy").Decode(value) },
                "connect" => service with { ConnectNative = Native(value, "NodeService.Service.Connect") },
                "createindex" or "locallyregisteredassidecar" => service,
                "modifyindex" => service with { ModifyIndex = JsonDecode.UInt(value, "NodeService.Service.ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return service;
    }

    /// <param name="owner">The struct and the path that hold the field, e.g. <c>NodeService.Service.</c></param>
    /// <param name="path">The path alone, e.g. <c>Service.</c></param>
    public static IReadOnlyList<TaggedAddress> TaggedAddresses(GoJsonValue value, string owner, string path)
    {
        var addresses = new SortedDictionary<string, TaggedAddress>(StringComparer.Ordinal);
        string field = owner + "TaggedAddresses";
        string inner = $"ServiceAddress.{path}TaggedAddresses";
        foreach ((string name, GoJsonValue member) in JsonDecode.Members(value, field, "map[string]structs.ServiceAddress"))
        {
            var address = new TaggedAddress(name, string.Empty, 0);
            foreach ((string key, GoJsonValue part) in JsonDecode.Members(member, field, "structs.ServiceAddress"))
            {
                address = key.ToLowerInvariant() switch
                {
                    "address" => address with { Address = JsonDecode.Text(part, inner + ".Address") },
                    "port" => address with { Port = JsonDecode.Int(part, inner + ".Port") },
                    _ => throw JsonDecode.Unknown(key),
                };
            }

            addresses[name] = address;
        }

        return [.. addresses.Values];
    }

    /// <inheritdoc cref="TaggedAddresses" path="/param"/>
    public static ServiceWeights Weights(GoJsonValue value, string owner, string path)
    {
        if (value.IsNull)
        {
            return ServiceWeights.Default;
        }

        ServiceWeights weights = default;
        foreach ((string name, GoJsonValue member) in JsonDecode.Members(value, owner + "Weights", "structs.Weights"))
        {
            weights = name.ToLowerInvariant() switch
            {
                "passing" => weights with { Passing = JsonDecode.Int(member, $"Weights.{path}Weights.Passing") },
                "warning" => weights with { Warning = JsonDecode.Int(member, $"Weights.{path}Weights.Warning") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return weights;
    }

    /// <summary>Whether the service speaks mesh itself. Unknown members are not refused here, as in Consul.</summary>
    public static bool Native(GoJsonValue value, string field)
    {
        bool native = false;
        foreach ((string name, GoJsonValue member) in JsonDecode.Members(value, field, ConnectType))
        {
            native = string.Equals(name, "native", StringComparison.OrdinalIgnoreCase) ? JsonDecode.Bool(member, field) : native;
        }

        return native;
    }

    /// <summary>JSON that is kept as it is: compact, members in order.</summary>
    internal static string Compact(GoJsonValue value)
    {
        if (value.IsNull)
        {
            return string.Empty;
        }

        using var buffer = new PooledBuffer();
        new GoJsonWriter(buffer, pretty: false).Value(value);
        return Encoding.UTF8.GetString(buffer.Span);
    }
}
