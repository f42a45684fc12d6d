using System.Text;

namespace K8sConsul.Grpc;

/// <summary>The percent encoding of <c>grpc-message</c>: UTF-8, everything outside printable ASCII and <c>%</c> escaped.</summary>
internal static class GrpcMessageText
{
    /// <summary>Longest detail put on the wire: peers refuse header blocks above 8 or 16 KiB.</summary>
    public const int DetailBytesMax = 4096;

    public static string Encode(string detail)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(detail);
        int length = Math.Min(utf8.Length, DetailBytesMax);
        StringBuilder text = new(length);
        foreach (byte b in utf8.AsSpan(0, length))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(Hex(b >> 4)).Append(Hex(b & 15));
            }
        }

        return text.ToString();
    }

    /// <summary>A broken escape stays as it is, as the specification asks.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        byte[] input = Encoding.UTF8.GetBytes(text);
        byte[] output = new byte[input.Length];
        int length = 0;
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] == '%' && i + 2 < input.Length && Digit(input[i + 1]) is >= 0 and int high && Digit(input[i + 2]) is >= 0 and int low)
            {
                output[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                output[length++] = input[i];
            }
        }

        return Encoding.UTF8.GetString(output, 0, length);
    }

    private static char Hex(int digit) => "0123456789ABCDEF"[digit];

    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
