using System.Buffers;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>A Serf message to be handed on to somebody else.</summary>
internal sealed record RelayMessage(byte[] DestIp, ushort DestPort, string DestName, byte[] Message)
{
    private static readonly byte[][] Fields = WireFields.Names("DestAddr", "DestName");
    private static readonly byte[][] AddressFields = WireFields.Names("IP", "Port", "Zone");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.Relay, sizeHint: Message.Length + 96);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("DestAddr");
        writer.WriteMapHeader(3);
        writer.WriteText("IP");
        writer.WriteRaw(DestIp);
        writer.WriteText("Port");
        writer.WriteInt(DestPort);
        writer.WriteText("Zone");
        writer.WriteText(string.Empty);
        writer.WriteText("DestName");
        writer.WriteText(DestName);
        output.Write(Message);
        return output.WrittenSpan.ToArray();
    }

    public static RelayMessage Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var message = new RelayMessage([], 0, string.Empty, []);
        while (fields.Next(ref reader, Fields, out int field))
        {
            message = field == 0 ? ReadAddress(ref reader, message) : message with { DestName = reader.ReadName() };
        }

        return message with { Message = reader.Remaining.ToArray() };
    }

    private static RelayMessage ReadAddress(ref MsgPackReader reader, RelayMessage message)
    {
        StructReader fields = StructReader.Begin(ref reader);
        while (fields.Next(ref reader, AddressFields, out int field))
        {
            switch (field)
            {
                case 0: message = message with { DestIp = reader.ReadAddress() }; break;
                case 1: message = message with { DestPort = reader.ReadPort() }; break;
                default: reader.Skip(); break;
            }
        }

        return message;
    }
}
