using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>
/// Consul 1.8.7 was built with a Go whose LZW writer did not begin with a clear code, which newer ones do. The codes are
/// otherwise the same, so a capture of the older kind is brought to the newer form by putting those nine bits in front.
/// </summary>
internal static class OlderGo
{
    private const int ClearCode = 256;
    private const int CodeBits = 9;

    public static bool Compressed(byte[] message) =>
        message[0] == (byte)MessageType.Compress && (Packed(message)[0] | ((Packed(message)[1] & 1) << 8)) != ClearCode;

    public static byte[] Normalise(byte[] message)
    {
        if (!Compressed(message))
        {
            return message;
        }

        byte[] packed = Packed(message);
        int bitCount = CodeBits + BitsUsed(packed);
        var newer = new byte[(bitCount + 7) / 8];
        newer[1] = ClearCode >> 8;
        for (int bit = 0; bit < bitCount - CodeBits; bit++)
        {
            int value = (packed[bit / 8] >> (bit % 8)) & 1;
            newer[(bit + CodeBits) / 8] |= (byte)(value << ((bit + CodeBits) % 8));
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        output.GetSpan(1)[0] = (byte)MessageType.Compress;
        output.Advance(1);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(2);
        writer.WriteText("Algo");
        writer.WriteInt(0);
        writer.WriteText("Buf");
        writer.WriteRaw(newer);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The end code is the last one, so its lowest set bit from the end tells where the codes end.</summary>
    private static int BitsUsed(byte[] packed)
    {
        int last = (packed.Length * 8) - 1;
        while ((packed[last / 8] & (1 << (last % 8))) == 0)
        {
            last--;
        }

        // The end code 257 is 1_0000_0001 in whatever width: its top bit is bit 8, and above it stand width - 9 zero bits.
        return WidthAtEnd(packed) - CodeBits + last + 1;
    }

    private static int WidthAtEnd(byte[] packed)
    {
        int hi = 257;
        int width = CodeBits;
        int bit = 0;
        while (true)
        {
            int code = 0;
            for (int i = 0; i < width; i++)
            {
                code |= ((packed[(bit + i) / 8] >> ((bit + i) % 8)) & 1) << i;
            }

            bit += width;
            if (code == 257)
            {
                return width;
            }

            hi++;
            width += hi == 1 << width ? 1 : 0;
        }
    }

    private static byte[] Packed(byte[] message)
    {
        var reader = new MsgPackReader(message.AsSpan(1));
        reader.ReadMapHeader();
        reader.ReadText();
        reader.ReadInt();
        reader.ReadText();
        return reader.ReadBytes()!;
    }
}
