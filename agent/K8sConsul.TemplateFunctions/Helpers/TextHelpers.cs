namespace K8sConsul.Template.Functions;

/// <summary>Consul-template's functions of texts. What is piped in comes last.</summary>
internal static class TextHelpers
{
    public static void AddTo(TemplateFunctions functions, PatternCache patterns)
    {
        functions
            .Add("toLower", (string text) => text.ToLowerInvariant())
            .Add("toUpper", (string text) => text.ToUpperInvariant())
            .Add("toTitle", (string text) => GoStrings.Title(text))
            .Add("trim", (string cutset, string text) => GoStrings.Trim(text, cutset))
            .Add("trimPrefix", (string prefix, string text) => GoStrings.TrimPrefix(text, prefix))
            .Add("trimSuffix", (string suffix, string text) => GoStrings.TrimSuffix(text, suffix))
            .Add("trimSpace", (string text) => text.Trim())
            .AddWithCall("replaceAll", (TemplateCall call, string from, string to, string text) => GoStrings.Replace(call, text, from, to))
            .AddWithCall("split", (TemplateCall call, string separator, string text) => Split(call, separator, text))
            .AddWithCall(
                "join", (TemplateCall call, string separator, IReadOnlyList<string> list) => GoStrings.Join(call, list, separator))
            .AddWithCall<string, string, string, Dictionary<string, string>>("splitToMap", SplitToMap)
            .AddWithCall<nint, string, string>("indent", Indent)
            .Add("regexMatch", (string pattern, string text) => patterns.Get(pattern).IsMatch(text))
            .AddWithCall(
                "regexReplaceAll",
                (TemplateCall call, string pattern, string replacement, string text) =>
                    patterns.Get(pattern).ReplaceAll(text, replacement, searched: PatternCache.Cost(call)));
    }

    private static string[] Split(TemplateCall call, string separator, string text)
    {
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? [] : GoStrings.Split(call, trimmed, separator);
    }

    private static Dictionary<string, string> SplitToMap(TemplateCall call, string pairSeparator, string keySeparator, string text)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in Split(call, pairSeparator, text))
        {
            string[] parts = GoStrings.SplitN(call, pair, keySeparator, 2);
            if (parts.Length == 2)
            {
                map[parts[0]] = parts[1];
            }
        }

        return map;
    }

    private static string Indent(TemplateCall call, nint spaces, string text)
    {
        return spaces < 0
            ? throw new TemplateFunctionException("indent value must be a positive integer")
            : GoStrings.Indent(call, text, spaces, indentsEmptyLines: false);
    }
}
