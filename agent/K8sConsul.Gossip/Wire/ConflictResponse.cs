using System.Net;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>Serf's record of a member, the answer to <c>_serf_conflict</c>.</summary>
internal static class ConflictResponse
{
    private static readonly byte[][] Fields = WireFields.Names(
        "Name", "Addr", "Port", "Tags", "Status", "ProtocolMin", "ProtocolMax", "ProtocolCur", "DelegateMin", "DelegateMax", "DelegateCur");

    /// <summary>The payload of an answer, type byte included.</summary>
    /// <param name="member">Null: we know no member of that name.</param>
    public static byte[] Encode(Member? member)
    {
        var output = WireFields.Begin((byte)SerfMessageType.ConflictResponse, sizeHint: 512);
        var writer = new MsgPackWriter(output);
        if (member is null)
        {
            writer.WriteNil();
            return output.WrittenSpan.ToArray();
        }

        writer.WriteMapHeader(11);
        writer.WriteText("Addr");
        writer.WriteRaw(member.Ip.GetAddressBytes());
        writer.WriteText("DelegateCur");
        writer.WriteUInt(member.DelegateCur);
        writer.WriteText("DelegateMax");
        writer.WriteUInt(member.DelegateMax);
        writer.WriteText("DelegateMin");
        writer.WriteUInt(member.DelegateMin);
        writer.WriteText("Name");
        writer.WriteText(member.Name);
        writer.WriteText("Port");
        writer.WriteUInt(member.Port);
        writer.WriteText("ProtocolCur");
        writer.WriteUInt(member.ProtocolCur);
        writer.WriteText("ProtocolMax");
        writer.WriteUInt(member.ProtocolMax);
        writer.WriteText("ProtocolMin");
        writer.WriteUInt(member.ProtocolMin);
        writer.WriteText("Status");
        writer.WriteInt((int)member.Status);
        writer.WriteText("Tags");
        writer.WriteMapHeader(member.Tags.Count);
        foreach ((string key, string value) in member.Tags)
        {
            writer.WriteText(key);
            writer.WriteText(value);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Null when the answerer knows no member of that name.</summary>
    /// <param name="body">After the type byte.</param>
    public static Member? Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        if (reader.TryReadNil())
        {
            return null;
        }

        StructReader fields = StructReader.Begin(ref reader);
        (byte[] addr, ushort port) = (Array.Empty<byte>(), 0);
        var member = new Member { Name = string.Empty, Address = new MemberAddress(IPAddress.None, 0) };
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: member = member with { Name = reader.ReadName() }; break;
                case 1: addr = reader.ReadAddress(); break;
                case 2: port = reader.ReadPort(); break;
                case 3: member = member with { Tags = ReadTags(ref reader) }; break;
                case 4: member = member with { Status = (MemberStatus)reader.ReadByteValue() }; break;
                case 5: member = member with { ProtocolMin = reader.ReadByteValue() }; break;
                case 6: member = member with { ProtocolMax = reader.ReadByteValue() }; break;
                case 7: member = member with { ProtocolCur = reader.ReadByteValue() }; break;
                case 8: member = member with { DelegateMin = reader.ReadByteValue() }; break;
                case 9: member = member with { DelegateMax = reader.ReadByteValue() }; break;
                default: member = member with { DelegateCur = reader.ReadByteValue() }; break;
            }
        }

        return member with { Address = new MemberAddress(addr.Length == 0 ? IPAddress.None : new IPAddress(addr), port) };
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> ReadTags(ref MsgPackReader reader)
    {
        var tags = GossipTags.Empty.ToBuilder();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string key = reader.ReadText();
            tags[key] = reader.ReadText();
        }

        return tags.ToImmutable();
    }
}
