using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>The answer to a stream that the acceptor could not read.</summary>
internal readonly record struct ErrorMessage(string Error)
{
    private const int TextBytesMax = 4096;

    private static readonly byte[][] Fields = WireFields.Names("Error");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.Error);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(1);
        writer.WriteText("Error");
        writer.WriteText(Error);
        return output.WrittenSpan.ToArray();
    }

    public static ErrorMessage Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        string error = string.Empty;
        while (fields.Next(ref reader, Fields, out _))
        {
            ReadOnlySpan<byte> raw = reader.ReadTextBytes();
            error = System.Text.Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, TextBytesMax)]);
        }

        return new ErrorMessage(error);
    }
}
