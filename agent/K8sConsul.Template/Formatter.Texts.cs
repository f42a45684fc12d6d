using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Texts and bytes.</summary>
internal sealed partial class Formatter
{
    private void FormatText(Value value, string text, int verb)
    {
        switch (verb)
        {
            case 'v' when _flags.SharpV:
            case 'q':
                WritePadded(Quote(Cut(text)));
                break;
            case 'v' or 's':
                WriteText(text);
                break;
            case 'x' or 'X':
                WriteHexadecimal(Utf8Text.Bytes(text), verb);
                break;
            default:
                ReportVerb(value, verb);
                break;
        }
    }

    private void FormatBytes(Value list, int verb)
    {
        byte[] bytes = new byte[list.Count];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Numbers.Unsigned(list.ItemAt(i).Data);
        }

        if (verb is 'x' or 'X')
        {
            WriteHexadecimal(bytes, verb);
        }
        else
        {
            FormatText(list, Encoding.UTF8.GetString(bytes), verb);
        }
    }

    private void WriteText(string text) => WritePadded(Cut(text));

    /// <summary>The precision is the most runes to show.</summary>
    private string Cut(string text)
    {
        if (_flags.Precision is not { } most || most >= text.Length)
        {
            return text;
        }

        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (most-- == 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private string Quote(string text)
    {
        if (_flags.Sharp && CanStandBetweenBackQuotes(text))
        {
            return $"`{text}`";
        }

        return _flags.Plus ? QuoteAscii(text) : GoText.Quote(text);
    }

    private static bool CanStandBetweenBackQuotes(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '`' or 0x7f or 0xfeff or (< ' ' and not '\t') || rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    private static string QuoteAscii(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            AppendAscii(quoted, rune, quote: '"');
        }

        return quoted.Append('"').ToString();
    }

    private static void AppendAscii(StringBuilder text, Rune rune, char quote)
    {
        switch (rune.Value)
        {
            case < 0x80:
                GoText.AppendEscaped(text, rune, quote);
                break;
            case < 0x10000:
                text.Append(@"\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(@"\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Two digits for each byte; the precision is the most bytes to show.</summary>
    private void WriteHexadecimal(ReadOnlySpan<byte> bytes, int verb)
    {
        bytes = bytes[..Math.Min(bytes.Length, _flags.Precision ?? int.MaxValue)];
        string prefix = _flags.Sharp ? (verb == 'x' ? "0x" : "0X") : "";
        string separator = _flags.Space ? " " + prefix : "";
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            text.Append(text.Length == 0 ? prefix : separator);
            text.Append(b.ToString(verb == 'x' ? "x2" : "X2", CultureInfo.InvariantCulture));
        }

        WritePadded(text.ToString());
    }
}
