using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>A member says that it is here, where, and what it is. Passed on by everybody.</summary>
internal readonly record struct Alive(uint Incarnation, string Node, byte[] Addr, ushort Port, byte[]? Meta, byte[] Vsn)
{
    private static readonly byte[][] Fields = WireFields.Names("Incarnation", "Node", "Addr", "Port", "Meta", "Vsn");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.Alive, sizeHint: 256);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(6);
        writer.WriteText("Addr");
        writer.WriteRaw(Addr);
        writer.WriteText("Incarnation");
        writer.WriteUInt(Incarnation);
        writer.WriteText("Meta");
        writer.WriteNullableRaw(Meta);
        writer.WriteText("Node");
        writer.WriteText(Node);
        writer.WriteText("Port");
        writer.WriteUInt(Port);
        writer.WriteText("Vsn");
        writer.WriteRaw(Vsn);
        return output.WrittenSpan.ToArray();
    }

    public static Alive Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var message = new Alive(0, string.Empty, [], 0, null, []);
        while (fields.Next(ref reader, Fields, out int field))
        {
            message = field switch
            {
                0 => message with { Incarnation = reader.ReadUInt32() },
                1 => message with { Node = reader.ReadName() },
                2 => message with { Addr = reader.ReadAddress() },
                3 => message with { Port = reader.ReadPort() },
                4 => message with { Meta = reader.ReadBytes() },
                _ => message with { Vsn = reader.ReadVersions() },
            };
        }

        return message;
    }
}

/// <summary>Somebody got no answer from a member.</summary>
internal readonly record struct Suspect(uint Incarnation, string Node, string From)
{
    public byte[] Encode() => Accusation.Encode(MessageType.Suspect, Incarnation, Node, From);

    public static Suspect Decode(ReadOnlySpan<byte> body)
    {
        (uint incarnation, string node, string from) = Accusation.Decode(body);
        return new Suspect(incarnation, node, from);
    }
}

/// <summary>A member is gone. From itself it means that it left on purpose.</summary>
internal readonly record struct Dead(uint Incarnation, string Node, string From)
{
    public bool IsLeave => Node == From;

    public byte[] Encode() => Accusation.Encode(MessageType.Dead, Incarnation, Node, From);

    public static Dead Decode(ReadOnlySpan<byte> body)
    {
        (uint incarnation, string node, string from) = Accusation.Decode(body);
        return new Dead(incarnation, node, from);
    }
}

/// <summary>The one shape of suspect and dead.</summary>
internal static class Accusation
{
    private static readonly byte[][] Fields = WireFields.Names("Incarnation", "Node", "From");

    public static byte[] Encode(MessageType type, uint incarnation, string node, string from)
    {
        var output = WireFields.Begin((byte)type);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(3);
        writer.WriteText("From");
        writer.WriteText(from);
        writer.WriteText("Incarnation");
        writer.WriteUInt(incarnation);
        writer.WriteText("Node");
        writer.WriteText(node);
        return output.WrittenSpan.ToArray();
    }

    public static (uint Incarnation, string Node, string From) Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (uint incarnation, string node, string from) = (0u, string.Empty, string.Empty);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: incarnation = reader.ReadUInt32(); break;
                case 1: node = reader.ReadName(); break;
                default: from = reader.ReadName(); break;
            }
        }

        return (incarnation, node, from);
    }
}
