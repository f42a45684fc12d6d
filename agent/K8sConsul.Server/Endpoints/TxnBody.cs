using System.Globalization;
using System.Text;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Server.Api;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The body of <c>/v1/txn</c>: a list of objects, each exactly one operation.</summary>
internal static class TxnBody
{
    public const int OperationsMax = 64;

    public static bool IsWrite(TxnOperation operation) => operation is TxnKvOperation
        ? KvVerb.IsWrite(operation.Verb)
        : operation.Verb is not CatalogVerb.Get;

    /// <param name="datacenter">Nodes that name none are of this one.</param>
    /// <exception cref="ApiRefusedException">400 for what is no such list, 413 for one that is too long or holds too large a value.</exception>
    public static List<TxnOperation> Decode(ReadOnlySpan<byte> body, string datacenter, long valueBytesMax)
    {
        List<TxnOperation> operations;
        try
        {
            GoJsonValue list = GoJsonParser.Parse(body);
            if (list.Kind is not (GoJsonKind.Array or GoJsonKind.Null))
            {
                throw new GoJsonException($"json: cannot unmarshal {list.GoKind} into Go value of type api.TxnOps");
            }

            operations = [.. list.Items.Select(item => Operation(item, datacenter)).OfType<TxnOperation>()];
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Failed to parse body: " + error.Message);
        }

        if (operations.Count > OperationsMax)
        {
            throw new ApiRefusedException(413, string.Create(
                CultureInfo.InvariantCulture, $"Transaction contains too many operations ({operations.Count} > {OperationsMax})"));
        }

        foreach (TxnOperation operation in operations)
        {
            if (operation is TxnKvOperation { Entry: { } entry } && entry.Value.Length > valueBytesMax)
            {
                throw new ApiRefusedException(413, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Value for key {GoText.Quote(entry.Key)} is too large ({entry.Value.Length} > {valueBytesMax} bytes)"));
            }
        }

        return operations;
    }

    /// <summary>What is refused before anything is looked at or proposed, and what must not depend on a replica's memory.</summary>
    public static string? Refuse(TxnOperation operation, LockDelayTable lockDelays)
    {
        switch (operation)
        {
            case TxnKvOperation { Entry.Key.Length: 0, Verb: not KvVerb.DeleteTree }:
                return "Must provide key";
            case TxnKvOperation { Verb: KvVerb.Lock } kv when lockDelays.IsDelayed(kv.Entry.Key):
                return $"failed to lock key {GoText.Quote(kv.Entry.Key)} due to lock delay";
            case TxnKvOperation { Verb: KvVerb.Lock, Entry.Session: { Length: > 0 } session } when Uuid.Lookup(session) is { } wrong:
                return "failed session lookup: index error: " + wrong;
            case TxnNodeOperation { Verb: CatalogVerb.Get } or TxnServiceOperation { Verb: CatalogVerb.Get }:
                return null;
            case TxnNodeOperation node:
                return CatalogRules.Node(node.Node, mayLackAddress: true);
            case TxnServiceOperation service:
                return CatalogRules.Service(service.Service);
            case TxnCheckOperation { Verb: CatalogVerb.Set or CatalogVerb.Cas, Check.CheckId.Length: 0 }:
                return "failed inserting check: object missing primary index";
            default:
                return null;
        }
    }

    /// <summary>Null for an object that holds no operation, which Consul passes over. Of several, the first of this order counts.</summary>
    private static TxnOperation? Operation(GoJsonValue body, string datacenter)
    {
        if (body.Kind != GoJsonKind.Object)
        {
            throw new GoJsonException($"json: cannot unmarshal {body.GoKind} into Go value of type api.TxnOp");
        }

        TxnOperation? kv = null;
        TxnOperation? node = null;
        TxnOperation? service = null;
        TxnOperation? check = null;
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "kv":
                    kv = value.IsNull ? null : Kv(value);
                    break;
                case "node":
                    node = value.IsNull ? null : Node(value, datacenter);
                    break;
                case "service":
                    service = value.IsNull ? null : Service(value);
                    break;
                case "check":
                    check = value.IsNull ? null : Check(value);
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return kv ?? node ?? service ?? check;
    }

    private static TxnKvOperation Kv(GoJsonValue body)
    {
        string verb = string.Empty;
        var entry = new KvRecord { Key = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "TxnOp.KV", "api.KVTxnOp"))
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "KVTxnOp.KV.Verb", "api.KVOp");
                    break;
                case "key":
                    entry = entry with { Key = JsonDecode.Text(value, "KVTxnOp.KV.Key") };
                    break;
                case "value":
                    entry = entry with { Value = Base64(value) };
                    break;
                case "flags":
                    entry = entry with { Flags = JsonDecode.UInt(value, "KVTxnOp.KV.Flags") };
                    break;
                case "index":
                    entry = entry with { ModifyIndex = JsonDecode.UInt(value, "KVTxnOp.KV.Index") };
                    break;
                case "session":
                    entry = entry with { Session = JsonDecode.Text(value, "KVTxnOp.KV.Session") };
                    break;
                case "namespace":
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnKvOperation(verb, entry);
    }

    private static TxnNodeOperation Node(GoJsonValue body, string datacenter)
    {
        string verb = string.Empty;
        var node = new NodeRecord { Node = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "TxnOp.Node", "api.NodeTxnOp"))
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "NodeTxnOp.Node.Verb", "api.NodeOp");
                    break;
                case "node":
                    foreach ((string field, GoJsonValue member) in JsonDecode.Members(value, "NodeTxnOp.Node.Node", "api.Node"))
                    {
                        node = field.ToLowerInvariant() switch
                        {
                            "id" => node with { Id = JsonDecode.Text(member, "Node.Node.Node.ID") },
                            "node" => node with { Node = JsonDecode.Text(member, "Node.Node.Node.Node") },
                            "address" => node with { Address = JsonDecode.Text(member, "Node.Node.Node.Address") },
                            "datacenter" => node with { Datacenter = JsonDecode.Text(member, "Node.Node.Node.Datacenter") },
                            "taggedaddresses" => node with { TaggedAddresses = JsonDecode.Map(member, "Node.Node.Node.TaggedAddresses") },
                            "meta" => node with { Meta = JsonDecode.Map(member, "Node.Node.Node.Meta") },
                            "createindex" => node,
                            "modifyindex" => node with { ModifyIndex = JsonDecode.UInt(member, "Node.Node.Node.ModifyIndex") },
                            _ => throw JsonDecode.Unknown(field),
                        };
                    }

                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnNodeOperation(verb, node.Datacenter.Length == 0 ? node with { Datacenter = datacenter } : node);
    }

    private static TxnServiceOperation Service(GoJsonValue body)
    {
        string verb = string.Empty;
        string node = string.Empty;
        var service = new ServiceRecord { Node = string.Empty, Id = string.Empty, Service = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "TxnOp.Service", "api.ServiceTxnOp"))
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "ServiceTxnOp.Service.Verb", "api.ServiceOp");
                    break;
                case "node":
                    node = JsonDecode.Text(value, "ServiceTxnOp.Service.Node");
                    break;
                case "service":
                    service = ServiceRecord(value);
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnServiceOperation(verb, service with
        {
            Node = node,
            Id = service.Id.Length == 0 ? service.Service : service.Id,
            Weights = CatalogRules.Weights(service.Weights),
        });
    }

    /// <summary>1.8.7 knows kind, proxy and tagged addresses of a service here, and drops them.</summary>
    private static ServiceRecord ServiceRecord(GoJsonValue body)
    {
        const string Owner = "AgentService.Service.Service.";
        var service = new ServiceRecord { Node = string.Empty, Id = string.Empty, Service = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "ServiceTxnOp.Service.Service", "api.AgentService"))
        {
            service = name.ToLowerInvariant() switch
            {
                "id" => service with { Id = JsonDecode.Text(value, Owner + "ID") },
                "service" => service with { Service = JsonDecode.Text(value, Owner + "Service") },
                "tags" => service with { Tags = JsonDecode.Texts(value, Owner + "Tags") },
                "meta" => service with { Meta = JsonDecode.Map(value, Owner + "Meta") },
                "port" => service with { Port = JsonDecode.Int(value, Owner + "Port") },
                "address" => service with { Address = JsonDecode.Text(value, Owner + "Address") },
                "weights" => service with { Weights = ServiceBody.Weights(value, Owner, "Service.Service.") },
                "enabletagoverride" => service with { EnableTagOverride = JsonDecode.Bool(value, Owner + "EnableTagOverride") },
                "modifyindex" => service with { ModifyIndex = JsonDecode.UInt(value, Owner + "ModifyIndex") },
                "kind" or "taggedaddresses" or "createindex" or "contenthash" or "proxy" or "connect" or "namespace" => service,
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return service;
    }

    private static TxnCheckOperation Check(GoJsonValue body)
    {
        string verb = string.Empty;
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "TxnOp.Check", "api.CheckTxnOp"))
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "CheckTxnOp.Check.Verb", "api.CheckOp");
                    break;
                case "check":
                    check = TxnCheckBody.Decode(value);
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnCheckOperation(verb, check.CheckId.Length == 0 ? check with { CheckId = check.Name } : check);
    }

    private static byte[] Base64(GoJsonValue value) =>
        GoBase64.TryDecode(Encoding.UTF8.GetBytes(JsonDecode.Text(value, "KVTxnOp.KV.Value", "[]uint8")), out string error)
        ?? throw new GoJsonException(error);
}
