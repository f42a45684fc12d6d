using System.Globalization;
using System.Numerics;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Go's spelling of texts, characters and numbers.</summary>
internal static class GoLiteral
{
    /// <summary>A text between double quotes or back-quotes, quotes included.</summary>
    public static bool TryUnquote(string literal, out string text)
    {
        ReadOnlySpan<char> body = literal.AsSpan(1, literal.Length - 2);
        if (literal[0] == '`')
        {
            text = body.ToString().Replace("\r", "", StringComparison.Ordinal);
            return true;
        }

        text = "";
        var decoded = new StringBuilder(body.Length);
        var bytes = new List<byte>();
        while (!body.IsEmpty)
        {
            if (!TryTakeCharacter(ref body, '"', out int value, out bool isByte))
            {
                return false;
            }

            // \x and octal escapes name bytes of UTF-8: neighbours are gathered before they are decoded.
            if (isByte)
            {
                bytes.Add((byte)value);
                continue;
            }

            Flush(bytes, decoded);
            Append(decoded, value);
        }

        Flush(bytes, decoded);
        text = decoded.ToString();
        return true;
    }

    /// <summary>One character, perhaps escaped, from the front of what stands between quotes.</summary>
    /// <param name="isByte">It is given by the number of a byte, and not of a character.</param>
    public static bool TryTakeCharacter(ref ReadOnlySpan<char> body, char quote, out int value, out bool isByte)
    {
        value = 0;
        isByte = false;
        if (body.IsEmpty || body[0] == quote)
        {
            return false;
        }

        if (body[0] != '\\')
        {
            Rune.DecodeFromUtf16(body, out Rune rune, out int length);
            value = rune.Value;
            body = body[length..];
            return true;
        }

        // Half of a surrogate pair is no character.
        return GoEscape.TryTake(ref body, quote, out value, out isByte) && (isByte || Rune.IsValid(value));
    }

    /// <summary>An unsigned number without sign, in the base that its prefix says, with underscores between digits.</summary>
    public static bool TryParseMagnitude(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = 0;
        (int radix, int prefix) = text is ['0', var second, ..]
            ? second switch
            {
                'x' or 'X' => (16, 2),
                'b' or 'B' => (2, 2),
                'o' or 'O' => (8, 2),
                _ => (8, 1),
            }
            : (10, 0);
        if (!UnderscoresAreBetweenDigits(text, prefix > 0))
        {
            return false;
        }

        bool any = prefix == 1;
        foreach (char c in text[prefix..])
        {
            if (c == '_')
            {
                continue;
            }

            int digit = GoNumber.DigitOf(c);
            if (digit >= radix)
            {
                return false;
            }

            any = true;
            // Nothing beyond 64 bits is told apart.
            value = value > ulong.MaxValue ? value : (value * radix) + digit;
        }

        return any;
    }

    /// <summary>Decimal or hexadecimal, with exponent if it likes.</summary>
    public static bool TryParseFloat(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        ReadOnlySpan<char> digits = text.StartsWith("+", StringComparison.Ordinal) || text.StartsWith("-", StringComparison.Ordinal)
            ? text[1..]
            : text;
        bool isHexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!UnderscoresAreBetweenDigits(digits, isHexadecimal))
        {
            return false;
        }

        string plain = digits.ToString().Replace("_", "", StringComparison.Ordinal);
        bool parsed = isHexadecimal
            ? TryParseHexadecimalFloat(plain.AsSpan(2), out value)
            : double.TryParse(
                plain,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out value);
        value = text is ['-', ..] ? -value : value;
        return parsed && !double.IsInfinity(value);
    }

    private static bool TryParseHexadecimalFloat(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        int split = text.IndexOfAny('p', 'P');
        if (split < 0 || !int.TryParse(text[(split + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent))
        {
            return false;
        }

        BigInteger mantissa = 0;
        bool afterPoint = false;
        bool any = false;
        foreach (char c in text[..split])
        {
            if (c == '.' && !afterPoint)
            {
                afterPoint = true;
                continue;
            }

            int digit = GoNumber.DigitOf(c);
            if (digit > 15)
            {
                return false;
            }

            any = true;
            mantissa = (mantissa << 4) + digit;
            exponent -= afterPoint ? 4 : 0;
        }

        value = any ? FloatText.Compose(mantissa, exponent) : 0;
        return any;
    }

    private static bool UnderscoresAreBetweenDigits(ReadOnlySpan<char> text, bool prefixed)
    {
        for (int i = text.IndexOf('_'); i >= 0 && i < text.Length; i++)
        {
            if (text[i] != '_')
            {
                continue;
            }

            // A base prefix counts as a digit.
            bool before = i > 0 && (GoNumber.DigitOf(text[i - 1]) < 16 || (prefixed && i == 2));
            bool after = i + 1 < text.Length && GoNumber.DigitOf(text[i + 1]) < 16;
            if (!before || !after)
            {
                return false;
            }
        }

        return true;
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        if (bytes.Count > 0)
        {
            text.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }

    private static void Append(StringBuilder text, int value)
    {
        text.Append(new Rune(value).ToString());
    }
}
