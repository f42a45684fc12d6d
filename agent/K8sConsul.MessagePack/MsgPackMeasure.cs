using System.Buffers.Binary;

namespace K8sConsul.MessagePack;

/// <summary>What is known about a value of which perhaps not all bytes have arrived.</summary>
public enum MsgPackExtent
{
    /// <summary>The value ends inside the input.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The bytes are no value, or nest too deeply.</summary>
    Invalid,
}

/// <summary>Finds where a value ends in a stream that is still being read, without decoding it and without exceptions.</summary>
public static class MsgPackMeasure
{
    /// <summary>Where the first value of the input ends, as far as can be told.</summary>
    /// <param name="input">Begins with the value.</param>
    /// <param name="length">Complete: bytes of the value. Incomplete: bytes that are needed at least, more than there are.</param>
    public static MsgPackExtent Measure(ReadOnlySpan<byte> input, out long length)
    {
        // A list of lists is walked without recursion: values still to come, whatever they are nested in.
        long values = 1;
        long position = 0;
        while (values > 0)
        {
            if (position >= input.Length)
            {
                length = position + values;
                return MsgPackExtent.Incomplete;
            }

            MsgPackExtent extent = MeasureHead(input[(int)position..], out long head, out long children);
            if (extent != MsgPackExtent.Complete)
            {
                length = position + head;
                return extent;
            }

            position += head;
            values += children - 1;
        }

        length = position;
        return position <= input.Length ? MsgPackExtent.Complete : MsgPackExtent.Incomplete;
    }

    private static MsgPackExtent MeasureHead(ReadOnlySpan<byte> input, out long length, out long children)
    {
        byte code = input[0];
        children = 0;
        int lengthBytes = code switch
        {
            0xc4 or 0xc7 or 0xd9 => 1,
            0xc5 or 0xc8 or 0xda or 0xdc or 0xde => 2,
            0xc6 or 0xc9 or 0xdb or 0xdd or 0xdf => 4,
            _ => 0,
        };
        length = 1 + lengthBytes;
        if (input.Length < length)
        {
            return MsgPackExtent.Incomplete;
        }

        long announced = lengthBytes switch
        {
            1 => input[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(input[1..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(input[1..]),
            _ => 0,
        };
        switch (code)
        {
            case <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3:
                break;
            case <= 0x8f:
                children = 2 * (code & 0x0f);
                break;
            case <= 0x9f:
                children = code & 0x0f;
                break;
            case <= 0xbf:
                length += code & 0x1f;
                break;
            case 0xc4 or 0xc5 or 0xc6 or 0xd9 or 0xda or 0xdb:
                length += announced;
                break;
            case 0xc7 or 0xc8 or 0xc9:
                length += 1 + announced;
                break;
            case 0xca or 0xce or 0xd2:
                length += 4;
                break;
            case 0xcb or 0xcf or 0xd3:
                length += 8;
                break;
            case 0xcc or 0xd0:
                length += 1;
                break;
            case 0xcd or 0xd1:
                length += 2;
                break;
            case >= 0xd4 and <= 0xd8:
                length += 1 + (1 << (code - 0xd4));
                break;
            case 0xdc or 0xdd:
                children = announced;
                break;
            case 0xde or 0xdf:
                children = 2 * announced;
                break;
            default:
                return MsgPackExtent.Invalid;
        }

        return MsgPackExtent.Complete;
    }
}
