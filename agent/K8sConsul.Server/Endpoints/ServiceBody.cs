using System.Text;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>A service as catalog registrations and transactions give it.</summary>
public static class ServiceBody
{
    /// <exception cref="GoJsonException">In the words of Go's decoder.</exception>
    public static ServiceRecord Decode(GoJsonValue body, string node)
    {
        RequireObject(body, "RegisterRequest.Service", "structs.NodeService");
        var service = new ServiceRecord { Node = node, Id = string.Empty, Service = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            service = name.ToLowerInvariant() switch
            {
                "kind" => service with { Kind = JsonDecode.Text(value, "NodeService.Service.Kind") },
                "id" => service with { Id = JsonDecode.Text(value, "NodeService.Service.ID") },
                "service" => service with { Service = JsonDecode.Text(value, "NodeService.Service.Service") },
                "tags" => service with { Tags = JsonDecode.Texts(value, "NodeService.Service.Tags") },
                "address" => service with { Address = JsonDecode.Text(value, "NodeService.Service.Address") },
                "taggedaddresses" => service with { TaggedAddresses = TaggedAddresses(value, "NodeService.Service.TaggedAddresses") },
                "meta" => service with { Meta = JsonDecode.Map(value, "NodeService.Service.Meta") },
                "port" => service with { Port = JsonDecode.Int(value, "NodeService.Service.Port") },
                "weights" => service with { Weights = Weights(value) },
                "enabletagoverride" => service with { EnableTagOverride = JsonDecode.Bool(value, "NodeService.Service.EnableTagOverride") },
                "proxy" => service with { Proxy = value.IsNull ? null : ProxyBody.Decode(value) },
                "connect" => service with { ConnectNative = Native(value) },
                "createindex" or "namespace" or "locallyregisteredassidecar" => service,
                "modifyindex" => service with { ModifyIndex = JsonDecode.UInt(value, "NodeService.Service.ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return service;
    }

    public static IReadOnlyList<TaggedAddress> TaggedAddresses(GoJsonValue value, string path)
    {
        if (value.IsNull)
        {
            return [];
        }

        RequireObject(value, path, "map[string]structs.ServiceAddress");
        var addresses = new SortedDictionary<string, TaggedAddress>(StringComparer.Ordinal);
        foreach ((string name, GoJsonValue member) in value.Members)
        {
            if (!member.IsNull)
            {
                RequireObject(member, path, "structs.ServiceAddress");
            }

            var address = new TaggedAddress(name, string.Empty, 0);
            foreach ((string field, GoJsonValue inner) in member.Members)
            {
                address = field.ToLowerInvariant() switch
                {
                    "address" => address with { Address = JsonDecode.Text(inner, ".Address") },
                    "port" => address with { Port = JsonDecode.Int(inner, ".Port") },
                    _ => throw JsonDecode.Unknown(field),
                };
            }

            addresses[name] = address;
        }

        return [.. addresses.Values];
    }

    public static ServiceWeights Weights(GoJsonValue value)
    {
        if (value.IsNull)
        {
            return ServiceWeights.Default;
        }

        ServiceWeights weights = default;
        foreach ((string name, GoJsonValue member) in value.Members)
        {
            weights = name.ToLowerInvariant() switch
            {
                "passing" => weights with { Passing = JsonDecode.Int(member, ".Weights.Passing") },
                "warning" => weights with { Warning = JsonDecode.Int(member, ".Weights.Warning") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return weights;
    }

    public static void RequireObject(GoJsonValue value, string field, string type)
    {
        if (value.Kind != GoJsonKind.Object)
        {
            throw JsonDecode.Wrong(value, field, type);
        }
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

    private static bool Native(GoJsonValue value)
    {
        bool native = false;
        foreach ((string name, GoJsonValue member) in value.Members)
        {
            native = name.ToLowerInvariant() switch
            {
                "native" => JsonDecode.Bool(member, ".Connect.Native"),
                "sidecarservice" when member.IsNull => native,
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return native;
    }
}
