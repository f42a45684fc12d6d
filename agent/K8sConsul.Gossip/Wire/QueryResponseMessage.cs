using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>An answer to a query, or with <see cref="QueryFlags.Ack"/> the confirmation that it arrived.</summary>
internal sealed record QueryResponseMessage(ulong LTime, uint Id, string From, QueryFlags Flags, byte[]? Payload)
{
    private static readonly byte[][] Fields = WireFields.Names("LTime", "ID", "From", "Flags", "Payload");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.QueryResponse);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(5);
        writer.WriteText("Flags");
        writer.WriteUInt((uint)Flags);
        writer.WriteText("From");
        writer.WriteText(From);
        writer.WriteText("ID");
        writer.WriteUInt(Id);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("Payload");
        writer.WriteNullableRaw(Payload);
        return output.WrittenSpan.ToArray();
    }

    public static QueryResponseMessage Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var response = new QueryResponseMessage(0, 0, string.Empty, QueryFlags.None, null);
        while (fields.Next(ref reader, Fields, out int field))
        {
            response = field switch
            {
                0 => response with { LTime = reader.ReadUInt() },
                1 => response with { Id = reader.ReadUInt32() },
                2 => response with { From = reader.ReadName() },
                3 => response with { Flags = (QueryFlags)reader.ReadUInt32() },
                _ => response with { Payload = reader.ReadBytes() },
            };
        }

        return response;
    }
}
