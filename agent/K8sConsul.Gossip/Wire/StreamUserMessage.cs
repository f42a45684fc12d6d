using System.Buffers;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>A Serf message on a stream: unlike on a packet it is preceded by its length.</summary>
internal static class StreamUserMessage
{
    private static readonly byte[][] Fields = WireFields.Names("UserMsgLen");

    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        var output = WireFields.Begin((byte)MessageType.User, sizeHint: message.Length + 20);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(1);
        writer.WriteText("UserMsgLen");
        writer.WriteInt(message.Length);
        output.Write(message);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        int length = ReadHeader(ref reader);
        return reader.Remaining.Length >= length
            ? reader.Remaining[..length].ToArray()
            : throw new GossipFormatException($"Failed to read full user message ({reader.Remaining.Length} / {length})");
    }

    public static int ReadHeader(ref MsgPackReader reader)
    {
        StructReader fields = StructReader.Begin(ref reader);
        long length = 0;
        while (fields.Next(ref reader, Fields, out _))
        {
            length = reader.ReadInt();
        }

        return length is >= 0 and <= WireLimits.StreamFrameBytesMax
            ? (int)length
            : throw new GossipFormatException($"Remote user message is larger than limit ({length})");
    }
}
