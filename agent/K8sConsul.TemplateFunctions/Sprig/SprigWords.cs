using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Words within texts: their case, their beginnings, lines of them.</summary>
internal static class SprigWords
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add("nospace", (string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))))
            .Add("initials", (string text) => Initials(text))
            .Add("swapcase", (string text) => SwapCase(text))
            .AddWithCall("wrap", (TemplateCall call, nint width, string text) => Wrap(call, text, width, "\n", breaksWords: false))
            .AddWithCall("wrapWith", (TemplateCall call, nint width, string separator, string text)
                => Wrap(call, text, width, separator, breaksWords: true))
            .Add("snakecase", (string text) => Joined(text, '_'))
            .Add("kebabcase", (string text) => Joined(text, '-'))
            .Add("camelcase", (string text) => Camel(text));
    }

    private static string Initials(string text)
    {
        var initials = new StringBuilder();
        bool first = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (first && !Rune.IsWhiteSpace(rune))
            {
                initials.Append(rune.ToString());
            }

            first = Rune.IsWhiteSpace(rune);
        }

        return initials.ToString();
    }

    /// <summary>Capitals become small; small ones become capitals, title ones at the beginning of a word.</summary>
    private static string SwapCase(string text)
    {
        var swapped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            swapped.Append((Rune.IsUpper(rune) ? Rune.ToLowerInvariant(rune) : Rune.IsLower(rune) ? Rune.ToUpperInvariant(rune) : rune).ToString());
        }

        return swapped.ToString();
    }

    private static string Wrap(TemplateCall call, string text, nint width, string separator, bool breaksWords)
    {
        int limit = (int)Math.Clamp(width, 1, int.MaxValue);
        var lines = new StringBuilder();
        int at = 0;
        call.CountSteps(text.Length);
        while (text.Length - at > limit)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            int space = text.LastIndexOf(' ', at + limit, limit + 1);
            int end = space >= at ? space : breaksWords ? at + limit : text.IndexOf(' ', at + limit);
            if (end < 0)
            {
                break;
            }

            call.CountSteps(1 + ((end - at) / 16));
            lines.Append(text, at, end - at).Append(separator);
            call.CheckLength(lines.Length);
            at = space >= at || !breaksWords ? end + 1 : end;
        }

        return lines.Append(text, at, text.Length - at).ToString();
    }

    private static string Camel(string text)
    {
        var camel = new StringBuilder(text.Length);
        bool raises = true;
        foreach (char c in text)
        {
            if (c is '_' or '-' or ' ')
            {
                raises = true;
                continue;
            }

            camel.Append(raises ? char.ToUpperInvariant(c) : c);
            raises = false;
        }

        return camel.ToString();
    }

    /// <summary>Words in small letters with a mark between: at changes of case, around numbers, and instead of other marks.</summary>
    private static string Joined(string text, char mark)
    {
        var joined = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '_' or '-' || char.IsWhiteSpace(c))
            {
                joined.Append(mark);
                continue;
            }

            bool afterWord = joined.Length > 0 && joined[^1] != mark;
            if (afterWord && BeginsWord(text, i))
            {
                joined.Append(mark);
            }

            joined.Append(char.ToLowerInvariant(c));
        }

        return joined.ToString();
    }

    private static bool BeginsWord(string text, int index)
    {
        char before = text[index - 1];
        char here = text[index];
        if (char.IsUpper(here))
        {
            bool startsSmall = index + 1 < text.Length && char.IsLower(text[index + 1]);
            return char.IsLower(before) || (char.IsUpper(before) && startsSmall) || char.IsDigit(before);
        }

        return char.IsDigit(here) && char.IsLetter(before) && index + 1 < text.Length && char.IsUpper(text[index + 1]);
    }
}
