using System.Text.Json;

namespace K8sConsul.Contracts.Model;

/// <summary>Reads what a value is made of; the reader stands before it, and behind it afterwards.</summary>
internal delegate T JsonBodyReader<T>(ref Utf8JsonReader json);

/// <summary>The listings that people and scripts ask for most, token by token.</summary>
/// <remarks>
/// A program that asks once and ends gives 15 ms of processor time to the serialiser's metadata, and less than one to this. Everything
/// else is read with <see cref="ConsulJsonContext"/>, which the tests hold this against.
/// </remarks>
internal static class ListingReader
{
    /// <returns>Null for JSON's null, which an agent without that pool answers.</returns>
    public static List<AgentMember>? Members(ref Utf8JsonReader json) => Body(ref json, Member);

    public static List<CatalogNode> Nodes(ref Utf8JsonReader json) => Body(ref json, Node)!;

    private static List<T>? Body<T>(ref Utf8JsonReader json, JsonBodyReader<T> read)
    {
        List<T>? items = null;
        if (Next(ref json) == JsonTokenType.StartArray)
        {
            items = [];
            while (Next(ref json) != JsonTokenType.EndArray)
            {
                items.Add(read(ref json));
            }
        }
        else
        {
            Require(json.TokenType == JsonTokenType.Null, "a list");
        }

        // Throws for anything but blanks behind it.
        _ = json.Read();
        return items;
    }

    private static AgentMember Member(ref Utf8JsonReader json)
    {
        var member = new AgentMember();
        Require(json.TokenType == JsonTokenType.StartObject, "a member");
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case nameof(AgentMember.Name):
                    member.Name = Text(ref json);
                    break;
                case nameof(AgentMember.Addr):
                    member.Addr = Text(ref json);
                    break;
                case nameof(AgentMember.Port):
                    member.Port = Number(ref json);
                    break;
                case nameof(AgentMember.Tags):
                    member.Tags = Texts(ref json) ?? member.Tags;
                    break;
                case nameof(AgentMember.Status):
                    member.Status = Number(ref json);
                    break;
                case nameof(AgentMember.ProtocolMin):
                    member.ProtocolMin = Number(ref json);
                    break;
                case nameof(AgentMember.ProtocolMax):
                    member.ProtocolMax = Number(ref json);
                    break;
                case nameof(AgentMember.ProtocolCur):
                    member.ProtocolCur = Number(ref json);
                    break;
                case nameof(AgentMember.DelegateMin):
                    member.DelegateMin = Number(ref json);
                    break;
                case nameof(AgentMember.DelegateMax):
                    member.DelegateMax = Number(ref json);
                    break;
                case nameof(AgentMember.DelegateCur):
                    member.DelegateCur = Number(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return member;
    }

    private static CatalogNode Node(ref Utf8JsonReader json)
    {
        var node = new CatalogNode();
        Require(json.TokenType == JsonTokenType.StartObject, "a node");
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            switch (json.GetString())
            {
                case nameof(CatalogNode.ID):
                    node.ID = Text(ref json);
                    break;
                case nameof(CatalogNode.Node):
                    node.Node = Text(ref json);
                    break;
                case nameof(CatalogNode.Address):
                    node.Address = Text(ref json);
                    break;
                case nameof(CatalogNode.Datacenter):
                    node.Datacenter = Text(ref json);
                    break;
                case nameof(CatalogNode.TaggedAddresses):
                    node.TaggedAddresses = Texts(ref json);
                    break;
                case nameof(CatalogNode.Meta):
                    node.Meta = Texts(ref json);
                    break;
                case nameof(CatalogNode.CreateIndex):
                    node.CreateIndex = Index(ref json);
                    break;
                case nameof(CatalogNode.ModifyIndex):
                    node.ModifyIndex = Index(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return node;
    }

    private static Dictionary<string, string>? Texts(ref Utf8JsonReader json)
    {
        if (Next(ref json) == JsonTokenType.Null)
        {
            return null;
        }

        Require(json.TokenType == JsonTokenType.StartObject, "an object");
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            texts[name] = Text(ref json);
        }

        return texts;
    }

    /// <summary>Go writes no null for a string; one would be empty.</summary>
    private static string Text(ref Utf8JsonReader json)
    {
        if (Next(ref json) == JsonTokenType.Null)
        {
            return string.Empty;
        }

        Require(json.TokenType == JsonTokenType.String, "a string");
        return json.GetString()!;
    }

    private static int Number(ref Utf8JsonReader json)
    {
        int value = 0;
        Require(Next(ref json) == JsonTokenType.Number && json.TryGetInt32(out value), "a number");
        return value;
    }

    private static ulong Index(ref Utf8JsonReader json)
    {
        ulong value = 0;
        Require(Next(ref json) == JsonTokenType.Number && json.TryGetUInt64(out value), "an index");
        return value;
    }

    private static JsonTokenType Next(ref Utf8JsonReader json)
    {
        Require(json.Read(), "more");
        return json.TokenType;
    }

    private static void Require(bool condition, string wanted)
    {
        if (!condition)
        {
            throw new JsonException($"{wanted} was expected");
        }
    }
}
