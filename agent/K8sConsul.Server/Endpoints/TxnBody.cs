using System.Globalization;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>The body of <c>/v1/txn</c>: a list of objects, each exactly one operation.</summary>
internal static class TxnBody
{
    public const int OperationsMax = 64;

    private const int UuidLength = 36;

    public static bool IsWrite(TxnOperation operation) => operation is TxnKvOperation
        ? KvVerb.IsWrite(operation.Verb)
        : operation.Verb is not CatalogVerb.Get;

    /// <exception cref="ApiRefusedException">400 for what is no such list, 413 for one that is too long or holds too large a value.</exception>
    public static List<TxnOperation> Decode(ReadOnlySpan<byte> body, long valueBytesMax)
    {
        List<TxnOperation> operations;
        int count;
        try
        {
            GoJsonValue list = GoJsonParser.Parse(body);
            if (list.Kind is not (GoJsonKind.Array or GoJsonKind.Null))
            {
                throw new GoJsonException($"json: cannot unmarshal {list.GoKind} into Go value of type api.TxnOps");
            }

            count = list.Items.Count;
            operations = [.. list.Items.Select(Operation).OfType<TxnOperation>()];
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Failed to parse body: " + error.Message);
        }

        if (count > OperationsMax)
        {
            throw new ApiRefusedException(413, string.Create(
                CultureInfo.InvariantCulture, $"Transaction contains too many operations ({count} > {OperationsMax})"));
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

    /// <summary>What the leader refuses before it proposes: whatever must not depend on a replica's memory.</summary>
    public static string? Refuse(TxnOperation operation, LockDelayTable lockDelays)
    {
        switch (operation)
        {
            case TxnKvOperation { Entry.Key.Length: 0, Verb: not KvVerb.DeleteTree }:
                return "Must provide key";
            case TxnKvOperation { Verb: KvVerb.Lock } kv when lockDelays.IsDelayed(kv.Entry.Key):
                return $"failed to lock key {GoText.Quote(kv.Entry.Key)} due to lock delay";
            case TxnKvOperation { Verb: KvVerb.Lock } kv when kv.Entry.Session.Length is > 0 and not UuidLength:
                return "failed session lookup: index error: UUID must be 36 characters";
            case TxnNodeOperation { Node.Node.Length: 0 }:
                return "Must provide node";
            case TxnNodeOperation { Node.Id.Length: > 0 and not UuidLength }:
                return "Bad node ID: uuid string is wrong length";
            case TxnServiceOperation { Service: { Service.Length: 0, Id.Length: > 0 } }:
                return "Must provide service name with ID";
            default:
                return null;
        }
    }

    /// <summary>Null for an object that asks for nothing: Consul passes it over.</summary>
    private static TxnOperation? Operation(GoJsonValue body)
    {
        if (body.Kind != GoJsonKind.Object)
        {
            throw new GoJsonException($"json: cannot unmarshal {body.GoKind} into Go value of type api.TxnOp");
        }

        foreach ((string name, GoJsonValue value) in body.Members)
        {
            if (value.IsNull)
            {
                continue;
            }

            return name.ToLowerInvariant() switch
            {
                "kv" => Kv(value),
                "node" => Node(value),
                "service" => Service(value),
                "check" => Check(value),
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return null;
    }

    private static TxnKvOperation Kv(GoJsonValue body)
    {
        string verb = string.Empty;
        var entry = new KvRecord { Key = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "KVTxnOp.KV.Verb");
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

    private static TxnNodeOperation Node(GoJsonValue body)
    {
        string verb = string.Empty;
        var node = new NodeRecord { Node = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "NodeTxnOp.Node.Verb");
                    break;
                case "node":
                    foreach ((string field, GoJsonValue member) in value.Members)
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

        return new TxnNodeOperation(verb, node);
    }

    private static TxnServiceOperation Service(GoJsonValue body)
    {
        string verb = string.Empty;
        string node = string.Empty;
        var service = new ServiceRecord { Node = string.Empty, Id = string.Empty, Service = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "ServiceTxnOp.Service.Verb");
                    break;
                case "node":
                    node = JsonDecode.Text(value, "ServiceTxnOp.Service.Node");
                    break;
                case "service":
                    service = ServiceBody.Decode(value, string.Empty);
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnServiceOperation(verb, service with { Node = node, Id = service.Id.Length == 0 ? service.Service : service.Id });
    }

    private static TxnCheckOperation Check(GoJsonValue body)
    {
        string verb = string.Empty;
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "verb":
                    verb = JsonDecode.Text(value, "CheckTxnOp.Check.Verb");
                    break;
                case "check":
                    check = CheckBody.Decode(value, "HealthCheck.Check.Check");
                    break;
                default:
                    throw JsonDecode.Unknown(name);
            }
        }

        return new TxnCheckOperation(verb, check);
    }

    private static byte[] Base64(GoJsonValue value)
    {
        if (value.Kind is not (GoJsonKind.String or GoJsonKind.Null))
        {
            throw JsonDecode.Wrong(value, "KVTxnOp.KV.Value", "[]uint8");
        }

        string text = JsonDecode.Text(value, "KVTxnOp.KV.Value");
        byte[] bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out int written))
        {
            return bytes[..written];
        }

        int bad = 0;
        while (bad < text.Length && (char.IsAsciiLetterOrDigit(text[bad]) || text[bad] is '+' or '/'))
        {
            bad++;
        }

        throw new GoJsonException(string.Create(CultureInfo.InvariantCulture, $"illegal base64 data at input byte {Math.Min(bad, Math.Max(text.Length - 1, 0))}"));
    }
}
