using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Hcl;

/// <summary>From a literal as written to its value.</summary>
public static class HclLiteral
{
    /// <summary>Resolves escapes, but copies <c>${ }</c> as it stands: templates are the reader's business.</summary>
    public static bool TryUnquote(string text, out string value)
    {
        return TryUnquote(text, interpolation: true, out value);
    }

    /// <summary>Without interpolation, <c>${</c> means nothing.</summary>
    public static bool TryUnquote(string text, bool interpolation, out string value)
    {
        value = string.Empty;
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(1, text.Length - 2);
        if (rest.IndexOfAny('\\', '$', '\n') < 0)
        {
            value = rest.ToString();
            return true;
        }

        // Bytes, since \x and octal escapes may spell the parts of one character.
        var bytes = new List<byte>(rest.Length);
        Span<byte> encoded = stackalloc byte[4];
        while (!rest.IsEmpty)
        {
            int copied = interpolation && rest.StartsWith("${") ? InterpolationLength(rest) : 0;
            if (copied < 0 || rest[0] == '\n')
            {
                return false;
            }

            if (copied > 0)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(rest[..copied].ToString()));
                rest = rest[copied..];
                continue;
            }

            if (rest[0] == '\\')
            {
                if (!GoEscape.TryTake(ref rest, '"', out int code, out bool isByte))
                {
                    return false;
                }

                if (isByte)
                {
                    bytes.Add((byte)code);
                }
                else
                {
                    AddRune(bytes, code);
                }

                continue;
            }

            Rune.DecodeFromUtf16(rest, out Rune rune, out int length);
            bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            rest = rest[length..];
        }

        value = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    /// <summary>The lines between the marks. With <c>&lt;&lt;-</c> the last line's indent is taken off each, if all have it.</summary>
    public static string HeredocText(string text)
    {
        int firstLineEnd = text.IndexOf('\n', StringComparison.Ordinal);
        bool unindent = text[2] == '-';
        string anchor = text[(unindent ? 3 : 2)..firstLineEnd].TrimEnd('\r');
        int anchorAt = text.LastIndexOf(anchor, StringComparison.Ordinal);
        string body = text[(firstLineEnd + 1)..anchorAt];
        if (!unindent)
        {
            return body;
        }

        string[] lines = body.Split('\n');
        string indent = lines[^1];
        if (!Array.TrueForAll(lines, line => line.StartsWith(indent, StringComparison.Ordinal)))
        {
            return body.TrimEnd(' ', '\t');
        }

        return string.Join('\n', lines.Select(line => line[indent.Length..]));
    }

    /// <summary>strconv.ParseInt with base 0: a sign, then decimal, 0x or 0 for octal.</summary>
    public static bool TryParseInteger(string text, out long value, out string error)
    {
        value = 0;
        bool negative = text.StartsWith('-');
        ReadOnlySpan<char> digits = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        uint radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            radix = digits[1] is 'x' or 'X' ? 16u : 8u;
            digits = digits[(radix == 16 ? 2 : 1)..];
        }

        UInt128 magnitude = 0;
        UInt128 limit = (UInt128)long.MaxValue + (negative ? 1u : 0u);
        bool valid = !digits.IsEmpty;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            valid &= digit < radix;
            if (!valid)
            {
                break;
            }

            // Held at one above the limit, so that long numbers cannot wrap around.
            magnitude = UInt128.Min((magnitude * radix) + (uint)digit, limit + 1);
        }

        if (!valid || magnitude > limit)
        {
            string reason = valid ? "value out of range" : "invalid syntax";
            error = $"strconv.ParseInt: parsing {GoText.Quote(text)}: {reason}";
            return false;
        }

        value = negative ? (long)-(Int128)magnitude : (long)magnitude;
        error = string.Empty;
        return true;
    }

    public static bool TryParseReal(string text, out double value, out string error)
    {
        bool parsed = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        bool finite = parsed && double.IsFinite(value);
        string reason = parsed ? "value out of range" : "invalid syntax";
        error = finite ? string.Empty : $"strconv.ParseFloat: parsing {GoText.Quote(text)}: {reason}";
        return finite;
    }

    /// <summary>From <c>${</c> to its own brace, or -1 without one.</summary>
    private static int InterpolationLength(ReadOnlySpan<char> rest)
    {
        int braces = 0;
        for (int i = 1; i < rest.Length; i++)
        {
            braces += rest[i] switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if (braces == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>A half of a surrogate pair becomes the replacement character, as when Go encodes it.</summary>
    private static void AddRune(List<byte> bytes, int code)
    {
        Rune rune = Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar;
        Span<byte> encoded = stackalloc byte[4];
        bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
    }
}
