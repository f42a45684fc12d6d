using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>The compress message: any other message, LZW-compressed.</summary>
internal static class Compression
{
    private const int AlgorithmLzw = 0;

    private static readonly byte[][] Fields = WireFields.Names("Algo", "Buf");

    public static byte[] Wrap(ReadOnlySpan<byte> message)
    {
        byte[] packed = Lzw.Compress(message);
        var output = WireFields.Begin((byte)MessageType.Compress, sizeHint: packed.Length + 16);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("Algo");
        writer.WriteInt(AlgorithmLzw);
        writer.WriteText("Buf");
        writer.WriteRaw(packed);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The message inside.</summary>
    /// <param name="body">After the type byte.</param>
    /// <param name="inflatedBytesMax">The most that may come out.</param>
    public static byte[] Unwrap(ReadOnlySpan<byte> body, int inflatedBytesMax)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        long algorithm = AlgorithmLzw;
        ReadOnlySpan<byte> packed = [];
        while (fields.Next(ref reader, Fields, out int field))
        {
            switch (field)
            {
                case 0: algorithm = reader.ReadInt(); break;
                default: packed = reader.ReadBytesSpan(); break;
            }
        }

        return algorithm == AlgorithmLzw
            ? Lzw.Decompress(packed, inflatedBytesMax)
            : throw new GossipFormatException($"Cannot decompress unknown algorithm {algorithm}");
    }
}
