using System.Buffers.Binary;

namespace K8sConsul.State.Snapshots;

/// <summary>Finds where a MessagePack value ends, without reading it, so that a stream can be cut into whole values.</summary>
internal static class MsgPackExtent
{
    /// <summary>Measures the first value of <paramref name="input"/>.</summary>
    /// <returns>False when the value goes on past the input. Bytes that begin no value count as one; reading them fails.</returns>
    public static bool TryMeasure(ReadOnlySpan<byte> input, out int length)
    {
        long position = 0;

        // Values still to come: elements of the lists and maps entered so far. No recursion: nesting is the sender's choice.
        for (long values = 1; values > 0; values--)
        {
            if (position >= input.Length)
            {
                length = 0;
                return false;
            }

            byte code = input[(int)position++];
            int lengthBytes = LengthBytes(code);
            if (position + lengthBytes > input.Length)
            {
                length = 0;
                return false;
            }

            long counted = Counted(input.Slice((int)position, lengthBytes));
            position += lengthBytes;
            switch (code)
            {
                case <= 0x7f or >= 0xe0 or 0xc0 or 0xc1 or 0xc2 or 0xc3:
                    break;
                case <= 0x8f:
                    values += 2 * (code & 0x0f);
                    break;
                case <= 0x9f:
                    values += code & 0x0f;
                    break;
                case <= 0xbf:
                    position += code & 0x1f;
                    break;
                case 0xc4 or 0xc5 or 0xc6 or 0xd9 or 0xda or 0xdb:
                    position += counted;
                    break;
                case 0xc7 or 0xc8 or 0xc9:
                    position += counted + 1;
                    break;
                case 0xca or 0xce or 0xd2:
                    position += 4;
                    break;
                case 0xcb or 0xcf or 0xd3:
                    position += 8;
                    break;
                case 0xcc or 0xd0:
                    position += 1;
                    break;
                case 0xcd or 0xd1:
                    position += 2;
                    break;
                case <= 0xd8:
                    position += 1 + (1 << (code - 0xd4));
                    break;
                case 0xdc or 0xdd:
                    values += counted;
                    break;
                default:
                    values += 2 * counted;
                    break;
            }
        }

        length = (int)Math.Min(position, int.MaxValue);
        return position <= input.Length;
    }

    private static int LengthBytes(byte code) => code switch
    {
        0xc4 or 0xc7 or 0xd9 => 1,
        0xc5 or 0xc8 or 0xda or 0xdc or 0xde => 2,
        0xc6 or 0xc9 or 0xdb or 0xdd or 0xdf => 4,
        _ => 0,
    };

    private static long Counted(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        _ => 0,
    };
}
