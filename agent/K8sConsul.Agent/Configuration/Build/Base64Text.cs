namespace K8sConsul.Agent.Configuration;

/// <summary>Standard base64 with padding, with the place of the first wrong byte as Go tells it.</summary>
internal static class Base64Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Line ends are skipped.</summary>
    public static bool TryDecode(string text, out byte[] bytes, out int wrongByte)
    {
        bytes = [];
        var decoded = new List<byte>();
        int at = 0;
        wrongByte = -1;
        while (true)
        {
            int bits = 0;
            int count = 0;
            bool padded = false;
            while (count < 4 && !padded)
            {
                char? c = Next(text, ref at);
                if (c is null)
                {
                    if (count == 0)
                    {
                        bytes = [.. decoded];
                        return true;
                    }

                    wrongByte = at - count;
                    return false;
                }

                int value = Alphabet.IndexOf(c.Value, StringComparison.Ordinal);
                if (value >= 0)
                {
                    bits = (bits << 6) | value;
                    count++;
                    continue;
                }

                if (c is not '=' || count < 2)
                {
                    wrongByte = at - 1;
                    return false;
                }

                if (count == 2 && Next(text, ref at) is var second and not '=')
                {
                    // Go tells the end of the text, or the place of the first of the two.
                    wrongByte = second is null ? text.Length : at - 2;
                    return false;
                }

                padded = true;
            }

            bits <<= 6 * (4 - count);
            for (int i = 0; i < count - 1; i++)
            {
                decoded.Add((byte)(bits >> (16 - (8 * i))));
            }

            if (padded)
            {
                bool more = Next(text, ref at) is not null;
                wrongByte = more ? at - 1 : -1;
                bytes = more ? [] : [.. decoded];
                return !more;
            }
        }
    }

    private static char? Next(string text, ref int at)
    {
        while (at < text.Length && text[at] is '\r' or '\n')
        {
            at++;
        }

        return at < text.Length ? text[at++] : null;
    }
}
