using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>Where the answer to a ping goes; all empty (older peers) means to the address the packet came from.</summary>
internal readonly record struct ProbeSource(byte[] Addr, ushort Port, string Node)
{
    public static readonly ProbeSource None = new([], 0, string.Empty);

    public bool IsAddress => Addr is { Length: > 0 } && Port != 0;
}

/// <summary>"Are you there?" An empty <see cref="Node"/> asks whoever listens.</summary>
internal readonly record struct Ping(uint SeqNo, string Node, ProbeSource Source)
{
    private static readonly byte[][] Fields = WireFields.Names("SeqNo", "Node", "SourceAddr", "SourcePort", "SourceNode");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.Ping);
        var writer = new MsgPackWriter(output);
        bool addr = Source.Addr is { Length: > 0 };
        bool node = Source.Node is { Length: > 0 };
        bool port = Source.Port != 0;
        writer.WriteMapHeader(2 + (addr ? 1 : 0) + (node ? 1 : 0) + (port ? 1 : 0));
        writer.WriteText("Node");
        writer.WriteText(Node);
        writer.WriteText("SeqNo");
        writer.WriteUInt(SeqNo);
        ProbeSourceCodec.Write(writer, Source, addr, node, port);
        return output.WrittenSpan.ToArray();
    }

    public static Ping Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (uint seqNo, string node, ProbeSource source) = (0u, string.Empty, ProbeSource.None);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: seqNo = reader.ReadUInt32(); break;
                case 1: node = reader.ReadName(); break;
                case 2: source = source with { Addr = reader.ReadAddress() }; break;
                case 3: source = source with { Port = reader.ReadPort() }; break;
                default: source = source with { Node = reader.ReadName() }; break;
            }
        }

        return new Ping(seqNo, node, source);
    }
}

/// <summary>"Ask this member for me": <see cref="Nack"/> wants to be told as well when no answer came.</summary>
internal readonly record struct IndirectPing(uint SeqNo, byte[] Target, ushort Port, string Node, bool Nack, ProbeSource Source)
{
    private static readonly byte[][] Fields =
        WireFields.Names("SeqNo", "Target", "Port", "Node", "Nack", "SourceAddr", "SourcePort", "SourceNode");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.IndirectPing);
        var writer = new MsgPackWriter(output);
        bool addr = Source.Addr is { Length: > 0 };
        bool node = Source.Node is { Length: > 0 };
        bool port = Source.Port != 0;
        writer.WriteMapHeader(5 + (addr ? 1 : 0) + (node ? 1 : 0) + (port ? 1 : 0));
        writer.WriteText("Nack");
        writer.WriteBool(Nack);
        writer.WriteText("Node");
        writer.WriteText(Node);
        writer.WriteText("Port");
        writer.WriteUInt(Port);
        writer.WriteText("SeqNo");
        writer.WriteUInt(SeqNo);
        ProbeSourceCodec.Write(writer, Source, addr, node, port);
        writer.WriteText("Target");
        writer.WriteRaw(Target);
        return output.WrittenSpan.ToArray();
    }

    public static IndirectPing Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var message = new IndirectPing(0, [], 0, string.Empty, Nack: false, ProbeSource.None);
        while (fields.Next(ref reader, Fields, out int field))
        {
            message = field switch
            {
                0 => message with { SeqNo = reader.ReadUInt32() },
                1 => message with { Target = reader.ReadAddress() },
                2 => message with { Port = reader.ReadPort() },
                3 => message with { Node = reader.ReadName() },
                4 => message with { Nack = reader.ReadBool() },
                5 => message with { Source = message.Source with { Addr = reader.ReadAddress() } },
                6 => message with { Source = message.Source with { Port = reader.ReadPort() } },
                _ => message with { Source = message.Source with { Node = reader.ReadName() } },
            };
        }

        return message;
    }
}

/// <summary>"I am." The payload of a direct answer is the answerer's coordinate; relayed and stream answers have none.</summary>
internal readonly record struct Ack(uint SeqNo, byte[]? Payload)
{
    private static readonly byte[][] Fields = WireFields.Names("SeqNo", "Payload");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.Ack, sizeHint: 192);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("Payload");
        writer.WriteNullableRaw(Payload);
        writer.WriteText("SeqNo");
        writer.WriteUInt(SeqNo);
        return output.WrittenSpan.ToArray();
    }

    public static Ack Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (uint seqNo, byte[]? payload) = (0u, null);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: seqNo = reader.ReadUInt32(); break;
                default: payload = reader.ReadBytes(); break;
            }
        }

        return new Ack(seqNo, payload);
    }
}

/// <summary>"I asked, and got no answer": tells the prober that the relay at least is well (Lifeguard).</summary>
internal readonly record struct Nack(uint SeqNo)
{
    private static readonly byte[][] Fields = WireFields.Names("SeqNo");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.Nack);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(1);
        writer.WriteText("SeqNo");
        writer.WriteUInt(SeqNo);
        return output.WrittenSpan.ToArray();
    }

    public static Nack Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        uint seqNo = 0;
        while (fields.Next(ref reader, Fields, out _))
        {
            seqNo = reader.ReadUInt32();
        }

        return new Nack(seqNo);
    }
}

internal static class ProbeSourceCodec
{
    /// <summary>The three optional keys in their sorted place: between SeqNo and Target.</summary>
    public static void Write(MsgPackWriter writer, in ProbeSource source, bool addr, bool node, bool port)
    {
        if (addr)
        {
            writer.WriteText("SourceAddr");
            writer.WriteRaw(source.Addr);
        }

        if (node)
        {
            writer.WriteText("SourceNode");
            writer.WriteText(source.Node);
        }

        if (port)
        {
            writer.WriteText("SourcePort");
            writer.WriteUInt(source.Port);
        }
    }
}
