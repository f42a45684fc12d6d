using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Texts cut, joined, quoted and searched.</summary>
internal static class SprigTexts
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add("trim", (string text) => text.Trim())
            .Add("trimAll", (string cutset, string text) => GoStrings.Trim(text, cutset))
            .Add("trimall", (string cutset, string text) => GoStrings.Trim(text, cutset))
            .Add("trimPrefix", (string prefix, string text) => GoStrings.TrimPrefix(text, prefix))
            .Add("trimSuffix", (string suffix, string text) => GoStrings.TrimSuffix(text, suffix))
            .Add("upper", (string text) => text.ToUpperInvariant())
            .Add("lower", (string text) => text.ToLowerInvariant())
            .Add("title", (string text) => GoStrings.Title(text))
            .Add("untitle", (string text) => GoStrings.Untitle(text))
            .AddWithCall("repeat", (TemplateCall call, nint count, string text) => GoStrings.Repeat(call, text, count))
            .Add<nint, nint, string, string>("substr", Substring)
            .Add<nint, string, string>("trunc", Truncate)
            .Add("abbrev", (nint width, string text) => width < 4 ? text : Abbreviate(text, offset: 0, width))
            .Add("abbrevboth", (nint left, nint right, string text) => right < 4 || (left > 0 && right < 7) ? text : Abbreviate(text, left, right))
            .Add("contains", (string part, string text) => text.Contains(part, StringComparison.Ordinal))
            .Add("hasPrefix", (string prefix, string text) => text.StartsWith(prefix, StringComparison.Ordinal))
            .Add("hasSuffix", (string suffix, string text) => text.EndsWith(suffix, StringComparison.Ordinal))
            .AddWithCall("replace", (TemplateCall call, string from, string to, string text) => GoStrings.Replace(call, text, from, to))
            .AddVariadicWithCall<object?, string>("quote", (call, values) => JoinPresent(call, values, GoText.Quote))
            .AddVariadicWithCall<object?, string>("squote", (call, values) => JoinPresent(call, values, text => "'" + text + "'"))
            .AddVariadicWithCall<object?, string>("cat", (call, values) => JoinPresent(call, values, text => text))
            .AddWithCall<nint, string, string>("indent", Indent)
            .AddWithCall("nindent", (TemplateCall call, nint spaces, string text) => "\n" + Indent(call, spaces, text))
            .Add("plural", (string one, string many, nint count) => count == 1 ? one : many)
            .AddWithCall("join", (TemplateCall call, string separator, object? list) => GoStrings.Join(call, Texts(call, list), separator))
            .AddWithCall("splitList", (TemplateCall call, string separator, string text) => GoStrings.Split(call, text, separator))
            .AddWithCall("split", (TemplateCall call, string separator, string text) => Numbered(GoStrings.Split(call, text, separator)))
            .AddWithCall("splitn", (TemplateCall call, string separator, nint count, string text)
                => Numbered(GoStrings.SplitN(call, text, separator, count)))
            .AddWithCall("sortAlpha", (TemplateCall call, object? list) => SortAlpha(call, list))
            .AddWithCall("toStrings", (TemplateCall call, object? list) => Texts(call, list))
            .AddWithCall("toString", (TemplateCall call, object? value) => Text(call, value));
    }

    /// <summary>A value as text: bytes decoded, nil as <c>&lt;nil&gt;</c>.</summary>
    public static string Text(TemplateCall call, object? value)
    {
        return value switch
        {
            string text => text,
            byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
            null => "<nil>",
            _ => call.Format("%v", [value]),
        };
    }

    /// <summary>The items of a list as texts, without nil; anything else as the only text.</summary>
    public static string[] Texts(TemplateCall call, object? list)
    {
        if (list is string[] texts)
        {
            return texts;
        }

        if (GoData.TryItems(list) is not { } items || list is byte[])
        {
            return list is null ? [] : [Text(call, list)];
        }

        call.CountItems(items.Count);
        return [.. items.Where(item => item is not null).Select(item => Text(call, item))];
    }

    private static string[] SortAlpha(TemplateCall call, object? list)
    {
        string[] texts = Texts(call, list);
        call.CountSteps(texts.Length * 4);
        return GoData.TryItems(list) is null ? texts : GoStrings.Sorted(texts);
    }

    private static string JoinPresent(TemplateCall call, IReadOnlyList<object?> values, Func<string, string> show)
    {
        string[] texts = [.. values.Where(value => value is not null).Select(value => show(Text(call, value)))];
        return GoStrings.Join(call, texts, " ");
    }

    private static Dictionary<string, string> Numbered(string[] parts)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < parts.Length; i++)
        {
            map[string.Create(System.Globalization.CultureInfo.InvariantCulture, $"_{i}")] = parts[i];
        }

        return map;
    }

    private static string Indent(TemplateCall call, nint spaces, string text)
    {
        return spaces < 0
            ? throw new TemplateFunctionException("strings: negative Repeat count")
            : GoStrings.Indent(call, text, spaces, indentsEmptyLines: true);
    }

    /// <summary>By bytes, as all of Go's cuts.</summary>
    private static string Substring(nint start, nint end, string text)
    {
        int length = Utf8Text.Length(text);
        if (start < 0)
        {
            return Slice(text, 0, end, length);
        }

        return end < 0 || end > length ? Slice(text, start, length, length) : Slice(text, start, end, length);
    }

    private static string Slice(string text, nint start, nint end, int length)
    {
        return start <= end && end <= length && end >= 0
            ? Utf8Text.Slice(text, (int)start, (int)end)
            : throw new TemplateFunctionException(end > length || end < 0
                ? $"runtime error: slice bounds out of range [:{end}]" + (end < 0 ? "" : $" with length {length}")
                : $"runtime error: slice bounds out of range [{start}:{end}]");
    }

    private static string Truncate(nint count, string text)
    {
        int length = Utf8Text.Length(text);
        if (count < 0 && length + count > 0)
        {
            return Utf8Text.Slice(text, (int)(length + count), length);
        }

        return count >= 0 && length > count ? Utf8Text.Slice(text, 0, (int)count) : text;
    }

    /// <summary>Cut to a width, with three points where something is missing.</summary>
    private static string Abbreviate(string text, nint offset, nint width)
    {
        const string Points = "...";
        if (text.Length <= width)
        {
            return text;
        }

        offset = Math.Min(offset, text.Length);
        if (text.Length - offset < width - 3)
        {
            offset = text.Length - (width - 3);
        }

        if (offset <= 4)
        {
            return text[..(int)(width - 3)] + Points;
        }

        if (width < 7)
        {
            return text;
        }

        return offset + width - 3 < text.Length
            ? Points + Abbreviate(text[(int)offset..], offset: 0, width - 3)
            : Points + text[(int)(text.Length - (width - 3))..];
    }
}
