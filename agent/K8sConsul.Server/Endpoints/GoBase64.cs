namespace K8sConsul.Server.Endpoints;

/// <summary>Padded base64 as Go's <c>base64.StdEncoding</c> reads it: line ends are skipped, nothing else is forgiven.</summary>
internal static class GoBase64
{
    private const int Padding = 64;
    private const int Bad = 255;

    /// <param name="badAt">Where Go says that the data is corrupt.</param>
    public static bool TryDecode(string text, out byte[] bytes, out int badAt)
    {
        var decoded = new List<byte>(text.Length / 4 * 3);
        bytes = [];
        badAt = 0;
        int at = 0;
        Span<int> quantum = stackalloc int[4];
        while (true)
        {
            int length = 0;
            while (length < 4)
            {
                at = SkipLineEnds(text, at);
                if (at == text.Length)
                {
                    if (length > 0)
                    {
                        badAt = at - length;
                        return false;
                    }

                    bytes = [.. decoded];
                    return true;
                }

                int value = Value(text[at]);
                at++;
                if (value == Padding)
                {
                    return TryEnd(text, at, length, quantum, decoded, out bytes, out badAt);
                }

                if (value == Bad)
                {
                    badAt = at - 1;
                    return false;
                }

                quantum[length++] = value;
            }

            Add(decoded, quantum, count: 3);
        }
    }

    /// <summary>After the first padding character: what must follow, and that nothing else does.</summary>
    private static bool TryEnd(string text, int at, int length, Span<int> quantum, List<byte> decoded, out byte[] bytes, out int badAt)
    {
        bytes = [];
        badAt = at - 1;
        if (length < 2)
        {
            return false;
        }

        if (length == 2)
        {
            at = SkipLineEnds(text, at);
            if (at == text.Length)
            {
                badAt = text.Length;
                return false;
            }

            if (Value(text[at]) != Padding)
            {
                badAt = at - 1;
                return false;
            }

            at++;
        }

        at = SkipLineEnds(text, at);
        if (at < text.Length)
        {
            badAt = at;
            return false;
        }

        quantum[length..].Clear();
        Add(decoded, quantum, count: length - 1);
        bytes = [.. decoded];
        return true;
    }

    private static void Add(List<byte> decoded, ReadOnlySpan<int> quantum, int count)
    {
        int bits = (quantum[0] << 18) | (quantum[1] << 12) | (quantum[2] << 6) | quantum[3];
        for (int i = 0; i < count; i++)
        {
            decoded.Add((byte)(bits >> (16 - (8 * i))));
        }
    }

    private static int SkipLineEnds(string text, int at)
    {
        while (at < text.Length && text[at] is ('\n' or '\r'))
        {
            at++;
        }

        return at;
    }

    private static int Value(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        '=' => Padding,
        _ => Bad,
    };
}
