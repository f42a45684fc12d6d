using System.Buffers;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Go's <c>strings</c> package, where .NET's texts behave differently.</summary>
internal static class GoStrings
{
    /// <summary>With an empty separator: the characters.</summary>
    public static string[] Split(TemplateCall call, string text, string separator)
    {
        call.CountItems(CountParts(text, separator));
        return separator.Length > 0 ? text.Split(separator, StringSplitOptions.None) : [.. text.EnumerateRunes().Select(rune => rune.ToString())];
    }

    /// <summary>The last part is the rest; a count below 0 is none, 0 gives no parts.</summary>
    public static string[] SplitN(TemplateCall call, string text, string separator, long count)
    {
        if (count == 0)
        {
            return [];
        }

        if (count < 0 || count > text.Length + 1)
        {
            return Split(call, text, separator);
        }

        call.CountItems(count);
        if (separator.Length > 0)
        {
            return text.Split(separator, (int)count, StringSplitOptions.None);
        }

        var parts = new List<string>();
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (parts.Count == count - 1)
            {
                break;
            }

            parts.Add(rune.ToString());
            at += rune.Utf16SequenceLength;
        }

        if (at < text.Length)
        {
            parts.Add(text[at..]);
        }

        return [.. parts];
    }

    /// <summary>With nothing to replace: the replacement before each character and at the end.</summary>
    public static string Replace(TemplateCall call, string text, string from, string to)
    {
        if (from.Length > 0)
        {
            call.CountText(text.Length + (Count(text, from) * Math.Max(0, to.Length - from.Length)));
            return text.Replace(from, to, StringComparison.Ordinal);
        }

        call.CountText(text.Length + ((text.Length + 1L) * to.Length));
        var replaced = new StringBuilder(to);
        foreach (Rune rune in text.EnumerateRunes())
        {
            replaced.Append(rune.ToString()).Append(to);
        }

        return replaced.ToString();
    }

    public static string Trim(string text, string cutset)
    {
        HashSet<Rune> cut = [.. cutset.EnumerateRunes()];
        int start = 0;
        int end = text.Length;
        while (start < end
            && Rune.DecodeFromUtf16(text.AsSpan(start, end - start), out Rune rune, out int length) == OperationStatus.Done
            && cut.Contains(rune))
        {
            start += length;
        }

        while (end > start
            && Rune.DecodeLastFromUtf16(text.AsSpan(start, end - start), out Rune rune, out int length) == OperationStatus.Done
            && cut.Contains(rune))
        {
            end -= length;
        }

        return text[start..end];
    }

    public static string TrimPrefix(string text, string prefix)
    {
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
    }

    public static string TrimSuffix(string text, string suffix)
    {
        return suffix.Length > 0 && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;
    }

    /// <summary>The first letter of each word in its title form.</summary>
    public static string Title(string text) => MapFirstLetters(text, Rune.ToUpperInvariant);

    /// <summary>The first letter of each word in lower case.</summary>
    public static string Untitle(string text) => MapFirstLetters(text, Rune.ToLowerInvariant);

    public static string Join(TemplateCall call, IReadOnlyList<string> parts, string separator)
    {
        call.CountItems(parts.Count);
        call.CountText(parts.Sum(part => (long)part.Length) + (separator.Length * Math.Max(0L, parts.Count - 1)));
        return string.Join(separator, parts);
    }

    public static string Repeat(TemplateCall call, string text, long count)
    {
        if (count < 0)
        {
            throw new TemplateFunctionException("strings: negative Repeat count");
        }

        if (text.Length == 0 || count == 0)
        {
            return "";
        }

        call.CountText(count > int.MaxValue ? long.MaxValue : count * text.Length);
        return new StringBuilder(text.Length * (int)count).Insert(0, text, (int)count).ToString();
    }

    /// <summary>Blanks in front of each line.</summary>
    public static string Indent(TemplateCall call, string text, long spaces, bool indentsEmptyLines)
    {
        int lines = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isStart = i == 0 || text[i - 1] == '\n';
            bool isEmpty = i == text.Length || text[i] == '\n';
            lines += isStart && (indentsEmptyLines || !isEmpty) ? 1 : 0;
        }

        if (lines == 0 || spaces == 0)
        {
            return text;
        }

        call.CountText(((long)Math.Min(spaces, int.MaxValue) * lines) + text.Length);
        var indented = new StringBuilder(text.Length + (int)(spaces * lines));
        for (int i = 0; i <= text.Length; i++)
        {
            bool isStart = i == 0 || text[i - 1] == '\n';
            bool isEmpty = i == text.Length || text[i] == '\n';
            if (isStart && (indentsEmptyLines || !isEmpty))
            {
                indented.Append(' ', (int)spaces);
            }

            if (i < text.Length)
            {
                indented.Append(text[i]);
            }
        }

        return indented.ToString();
    }

    public static string[] Sorted(IEnumerable<string> texts)
    {
        string[] sorted = [.. texts];
        Array.Sort(sorted, Utf8Text.Compare);
        return sorted;
    }

    private static long Count(string text, string part)
    {
        long count = 0;
        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static long CountParts(string text, string separator) => separator.Length > 0 ? Count(text, separator) + 1 : text.Length;

    private static string MapFirstLetters(string text, Func<Rune, Rune> map)
    {
        var mapped = new StringBuilder(text.Length);
        bool first = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            mapped.Append((first ? map(rune) : rune).ToString());
            first = IsSeparator(rune);
        }

        return mapped.ToString();
    }

    private static bool IsSeparator(Rune rune)
    {
        if (rune.IsAscii)
        {
            return !Rune.IsLetterOrDigit(rune) && rune.Value != '_';
        }

        return !Rune.IsLetterOrDigit(rune) && Rune.IsWhiteSpace(rune);
    }
}
