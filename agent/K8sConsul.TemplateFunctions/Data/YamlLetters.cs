using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Which characters YAML takes as they are, and how it escapes others.</summary>
internal static class YamlLetters
{
    /// <summary>Something that only double quotes can hold.</summary>
    public static bool NeedsEscapes(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsPrintable(rune))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One line without anything that would be read as YAML's own marks.</summary>
    public static bool MayBePlain(string text)
    {
        if (text.Length == 0 || text[0] == ' ' || text[^1] == ' ' || text.StartsWith("---", StringComparison.Ordinal)
            || text.StartsWith("...", StringComparison.Ordinal))
        {
            return false;
        }

        bool secondIsSpace = text.Length == 1 || text[1] == ' ';
        if (@"#,[]{}&*!|>'""%@`".Contains(text[0], StringComparison.Ordinal) || (text[0] is '?' or ':' or '-' && secondIsSpace))
        {
            return false;
        }

        for (int i = 1; i < text.Length; i++)
        {
            bool endsWord = i + 1 == text.Length || text[i + 1] == ' ';
            if ((text[i] == ':' && endsWord) || (text[i] == '#' && text[i - 1] == ' '))
            {
                return false;
            }
        }

        return true;
    }

    public static void AppendEscaped(StringBuilder text, Rune rune)
    {
        string? mark = rune.Value switch
        {
            0 => @"\0",
            7 => @"\a",
            8 => @"\b",
            9 => @"\t",
            10 => @"\n",
            11 => @"\v",
            12 => @"\f",
            13 => @"\r",
            0x1b => @"\e",
            '"' => "\\\"",
            '\\' => @"\\",
            0x85 => @"\N",
            0xa0 => @"\_",
            0x2028 => @"\L",
            0x2029 => @"\P",
            _ when IsPrintable(rune) => rune.ToString(),
            <= 0xff => @"\x" + rune.Value.ToString("X2", CultureInfo.InvariantCulture),
            <= 0xffff => @"\u" + rune.Value.ToString("X4", CultureInfo.InvariantCulture),
            _ => @"\U" + rune.Value.ToString("X8", CultureInfo.InvariantCulture),
        };
        text.Append(mark);
    }

    // Go takes no character of four bytes for printable.
    private static bool IsPrintable(Rune rune)
    {
        return rune.Value is (>= 0x20 and <= 0x7e) or (>= 0xa0 and <= 0xd7ff) or (>= 0xe000 and <= 0xfffd)
            && rune.Value is not (0xfeff or 0x2028 or 0x2029);
    }
}
