using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>An application's event. <see cref="Coalesce"/> lets receivers skip to the newest of a name.</summary>
internal sealed record UserEventMessage(ulong LTime, string Name, byte[]? Payload, bool Coalesce)
{
    private static readonly byte[][] Fields = WireFields.Names("LTime", "Name", "Payload", "CC");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.UserEvent);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(4);
        writer.WriteText("CC");
        writer.WriteBool(Coalesce);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("Name");
        writer.WriteText(Name);
        writer.WriteText("Payload");
        writer.WriteNullableRaw(Payload);
        return output.WrittenSpan.ToArray();
    }

    public static UserEventMessage Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        (ulong lTime, string name, byte[]? payload, bool coalesce) = (0UL, string.Empty, null, false);
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: lTime = reader.ReadUInt(); break;
                case 1: name = reader.ReadName(); break;
                case 2: payload = reader.ReadBytes(); break;
                default: coalesce = reader.ReadBool(); break;
            }
        }

        return new UserEventMessage(lTime, name, payload, coalesce);
    }
}
