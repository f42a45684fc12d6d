namespace K8sConsul.Go;

/// <summary>Go's base64 decoder, for the place it names when it refuses. Line breaks may stand anywhere.</summary>
public static class GoBase64
{
    /// <param name="text">Standard alphabet, padded.</param>
    /// <param name="error">Go's text; empty when decoded.</param>
    /// <returns>Null when refused.</returns>
    public static byte[]? TryDecode(ReadOnlySpan<byte> text, out string error)
    {
        byte[] bytes = new byte[(text.Length / 4 * 3) + 3];
        int length = 0;
        int at = 0;
        error = string.Empty;
        while (at < text.Length)
        {
            int bad = DecodeQuantum(text, ref at, bytes.AsSpan(length), out int written);
            length += written;
            if (bad >= 0)
            {
                error = $"illegal base64 data at input byte {bad}";
                return null;
            }
        }

        return bytes[..length];
    }

    /// <returns>The offset to blame; -1 for none.</returns>
    private static int DecodeQuantum(ReadOnlySpan<byte> text, ref int at, Span<byte> target, out int written)
    {
        uint bits = 0;
        int digits = 0;
        written = 0;
        while (digits < 4)
        {
            if (at == text.Length)
            {
                return digits == 0 ? -1 : at - digits;
            }

            byte letter = text[at++];
            int value = ValueOf(letter);
            if (value >= 0)
            {
                bits = (bits << 6) | (uint)value;
                digits++;
                continue;
            }

            if (letter is (byte)'\n' or (byte)'\r')
            {
                continue;
            }

            int bad = letter == '=' ? TakePadding(text, ref at, digits) : at - 1;
            if (bad >= 0)
            {
                return bad;
            }

            break;
        }

        written = Math.Max(0, digits - 1);
        bits <<= 6 * (4 - digits);
        for (int i = 0; i < written; i++)
        {
            target[i] = (byte)(bits >> (16 - (8 * i)));
        }

        return -1;
    }

    /// <summary>Behind the first <c>=</c>: the second where two digits stood before, and then nothing more.</summary>
    private static int TakePadding(ReadOnlySpan<byte> text, ref int at, int digits)
    {
        if (digits < 2)
        {
            return at - 1;
        }

        SkipLineBreaks(text, ref at);
        if (digits == 2)
        {
            if (at == text.Length)
            {
                return text.Length;
            }

            if (text[at] != '=')
            {
                return at - 1;
            }

            at++;
            SkipLineBreaks(text, ref at);
        }

        return at < text.Length ? at : -1;
    }

    private static void SkipLineBreaks(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)'\n' or (byte)'\r')
        {
            at++;
        }
    }

    private static int ValueOf(byte letter)
    {
        return letter switch
        {
            >= (byte)'A' and <= (byte)'Z' => letter - 'A',
            >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
            (byte)'+' => 62,
            (byte)'/' => 63,
            _ => -1,
        };
    }
}
