using System.Globalization;
using System.Text;

namespace K8sConsul.Go;

/// <summary>Go's quoted strings, in which error texts show what was read.</summary>
public static class GoText
{
    /// <summary>strconv.Quote: double quotes, backslash escapes, printable characters as they are.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            AppendEscaped(quoted, rune, quote: '"');
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Escapes one character the way Go prints it between the given quotes.</summary>
    public static void AppendEscaped(StringBuilder text, Rune rune, char quote)
    {
        switch (rune.Value)
        {
            case '\\':
                text.Append(@"\\");
                break;
            case int value when value == quote:
                text.Append('\\').Append(quote);
                break;
            case '\a':
                text.Append(@"\a");
                break;
            case '\b':
                text.Append(@"\b");
                break;
            case '\f':
                text.Append(@"\f");
                break;
            case '\n':
                text.Append(@"\n");
                break;
            case '\r':
                text.Append(@"\r");
                break;
            case '\t':
                text.Append(@"\t");
                break;
            case '\v':
                text.Append(@"\v");
                break;
            case < ' ' or 0x7f:
                text.Append(@"\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture));
                break;
            case < 0x10000 when !IsPrintable(rune):
                text.Append(@"\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
                break;
            case >= 0x10000 when !IsPrintable(rune):
                text.Append(@"\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(rune.ToString());
                break;
        }
    }

    /// <summary>Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.</summary>
    public static bool IsPrintable(Rune rune)
    {
        return rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
    }
}
