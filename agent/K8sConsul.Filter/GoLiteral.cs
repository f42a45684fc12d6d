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
        NumberOutcome outcome = GoNumber.ParseInt(text, out value);
        error = outcome switch
        {
            NumberOutcome.Parsed => null,
            NumberOutcome.OutOfRange => $"strconv.ParseInt: parsing {GoText.Quote(text)}: value out of range",
            _ => $"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax",
        };
        return error is null;
    }

    /// <summary>As <c>strconv.ParseBool</c>.</summary>
    public static bool TryParseBool(string text, out bool value, [NotNullWhen(false)] out string? error)
    {
        bool known = GoNumber.TryParseBool(text, out value);
        error = known ? null : GoNumber.BoolError(text);
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

            if (!GoEscape.TryTake(ref body, quote, out int value, out bool isByte))
            {
                return false;
            }

            if (isByte)
            {
                bytes.Add((byte)value);
                continue;
            }

            // Half of a surrogate pair is no character; Go puts the replacement character in its place.
            Flush(bytes, plain);
            plain.Append(Rune.TryCreate(value, out Rune rune) ? rune.ToString() : "\ufffd");
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
}
