using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>A member joined, at this Lamport time.</summary>
internal readonly record struct JoinIntent(ulong LTime, string Node)
{
    private static readonly byte[][] Fields = WireFields.Names("LTime", "Node");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.Join, sizeHint: 64);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("Node");
        writer.WriteText(Node);
        return output.WrittenSpan.ToArray();
    }

    public static JoinIntent Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (ulong lTime, string node) = (0UL, string.Empty);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: lTime = reader.ReadUInt(); break;
                default: node = reader.ReadName(); break;
            }
        }

        return new JoinIntent(lTime, node);
    }
}

/// <summary>A member goes on purpose, or an operator says that it has gone; <see cref="Prune"/> wants it forgotten at once.</summary>
internal readonly record struct LeaveIntent(ulong LTime, string Node, bool Prune)
{
    private static readonly byte[][] Fields = WireFields.Names("LTime", "Node", "Prune");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.Leave, sizeHint: 64);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(3);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("Node");
        writer.WriteText(Node);
        writer.WriteText("Prune");
        writer.WriteBool(Prune);
        return output.WrittenSpan.ToArray();
    }

    public static LeaveIntent Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (ulong lTime, string node, bool prune) = (0UL, string.Empty, false);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: lTime = reader.ReadUInt(); break;
                case 1: node = reader.ReadName(); break;
                default: prune = reader.ReadBool(); break;
            }
        }

        return new LeaveIntent(lTime, node, prune);
    }
}
