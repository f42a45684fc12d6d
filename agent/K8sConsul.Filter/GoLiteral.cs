using System.Diagnostics.CodeAnalysis;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Filter;

/// <summary>Go's spelling of literals, as its <c>strconv</c> reads them; Consul's error texts show its words.</summary>
internal static class GoLiteral
{
    /// <summary>As <c>strconv.ParseInt(text, 0, 64)</c>: sign, then decimal, or <c>0x</c>, <c>0b</c>, <c>0o</c>, <c>0</c> and a number
    /// in that base; underscores may separate digits.</summary>
    public static bool TryParseInt(string text, out long value, [NotNullWhen(false)] out string? error)
    {
        value = 0;
        if (!TryReadInteger(text, out Int128 number))
        {
            error = $"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax";
            return false;
        }

        if (number < long.MinValue || number > long.MaxValue)
        {
            error = $"strconv.ParseInt: parsing {GoText.Quote(text)}: value out of range";
            return false;
        }

        value = (long)number;
        error = null;
        return true;
    }

    private static bool TryReadInteger(string text, out Int128 number)
    {
        number = 0;
        ReadOnlySpan<char> digits = text;
        bool negative = digits.StartsWith("-", StringComparison.Ordinal);
        if (negative || digits.StartsWith("+", StringComparison.Ordinal))
        {
            digits = digits[1..];
        }

        int radix = 10;
        bool prefixed = false;
        if (digits is ['0', _, ..])
        {
            prefixed = true;
            (radix, int prefix) = digits[1] switch
            {
                'x' or 'X' => (16, 2),
                'b' or 'B' => (2, 2),
                'o' or 'O' => (8, 2),
                _ => (8, 1),
            };
            digits = digits[prefix..];
        }

        // An underscore must stand between digits; the base prefix counts as one.
        bool digitBefore = prefixed;
        bool any = false;
        foreach (char c in digits)
        {
            if (c == '_')
            {
                if (!digitBefore)
                {
                    return false;
                }

                digitBefore = false;
                continue;
            }

            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return false;
            }

            any = true;
            digitBefore = true;
            // Anything beyond 64 bits is out of range, whatever follows.
            number = number > ulong.MaxValue ? number : (number * radix) + digit;
        }

        number = negative ? -number : number;
        return any && digitBefore;
    }

    /// <summary>As <c>strconv.ParseBool</c>.</summary>
    public static bool TryParseBool(string text, out bool value, [NotNullWhen(false)] out string? error)
    {
        value = text is "1" or "t" or "T" or "TRUE" or "true" or "True";
        bool known = value || text is "0" or "f" or "F" or "FALSE" or "false" or "False";
        error = known ? null : $"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax";
        return known;
    }

    /// <summary>As <c>strconv.Unquote</c> of a text between double quotes or back-quotes, quotes included.</summary>
    public static bool TryUnquote(ReadOnlySpan<char> literal, out string text)
    {
        text = "";
        char quote = literal[0];
        ReadOnlySpan<char> body = literal[1..^1];
        if (quote == '`')
        {
            text = body.ToString().Replace("\r", "", StringComparison.Ordinal);
            return !body.Contains('`');
        }

        if (body.Contains('\n'))
        {
            return false;
        }

        var plain = new StringBuilder(body.Length);
        var bytes = new List<byte>();
        while (!body.IsEmpty)
        {
            if (body[0] != '\\')
            {
                Flush(bytes, plain);
                plain.Append(body[0]);
                body = body[1..];
                continue;
            }

            if (!TryReadEscape(ref body, bytes, plain))
            {
                return false;
            }
        }

        Flush(bytes, plain);
        text = plain.ToString();
        return true;
    }

    // \x and octal escapes name bytes of UTF-8, so neighbours are gathered before they are decoded.
    private static void Flush(List<byte> bytes, StringBuilder plain)
    {
        if (bytes.Count > 0)
        {
            plain.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }

    private static bool TryReadEscape(ref ReadOnlySpan<char> body, List<byte> bytes, StringBuilder plain)
    {
        if (body.Length < 2)
        {
            return false;
        }

        char kind = body[1];
        int single = kind switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' => '\\',
            '"' => '"',
            _ => -1,
        };
        if (single >= 0)
        {
            Flush(bytes, plain);
            plain.Append((char)single);
            body = body[2..];
            return true;
        }

        (int skip, int length, int radix) = kind switch
        {
            'x' => (2, 2, 16),
            'u' => (2, 4, 16),
            'U' => (2, 8, 16),
            >= '0' and <= '7' => (1, 3, 8),
            _ => (0, 0, 0),
        };
        if (length == 0 || body.Length < skip + length)
        {
            return false;
        }

        long value = 0;
        foreach (char c in body.Slice(skip, length))
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        body = body[(skip + length)..];
        if (kind is 'u' or 'U')
        {
            if (value > 0x10ffff)
            {
                return false;
            }

            // Half of a surrogate pair is no character; Go puts the replacement character in its place.
            Flush(bytes, plain);
            plain.Append(Rune.TryCreate((int)value, out Rune rune) ? rune.ToString() : "\ufffd");
            return true;
        }

        if (value > 255)
        {
            return false;
        }

        bytes.Add((byte)value);
        return true;
    }
}
