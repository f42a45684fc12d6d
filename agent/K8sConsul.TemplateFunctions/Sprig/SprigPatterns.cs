using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Regular expressions, the pattern first. A bad one is an error in both forms, as Go's panic is reported as one.</summary>
internal static class SprigPatterns
{
    public static void AddTo(TemplateFunctions functions, PatternCache patterns)
    {
        foreach (string form in new[] { "", "must" })
        {
            string Name(string name) => form.Length == 0 ? name : form + char.ToUpperInvariant(name[0]) + name[1..];
            GoPattern Compile(string source) => form.Length == 0 ? patterns.GetOrPanic(source) : patterns.Get(source);
            functions
                .Add(Name("regexMatch"), (string pattern, string text) => form.Length == 0
                    ? patterns.TryGet(pattern)?.IsMatch(text) ?? false
                    : patterns.Get(pattern).IsMatch(text))
                .Add(Name("regexFind"), (string pattern, string text) => Compile(pattern).Find(text) ?? "")
                .AddWithCall(Name("regexFindAll"), (TemplateCall call, string pattern, string text, nint count)
                    => FindAll(call, Compile(pattern), text, count))
                .AddWithCall(Name("regexReplaceAll"), (TemplateCall call, string pattern, string text, string replacement)
                    => Compile(pattern).ReplaceAll(text, replacement, searched: PatternCache.Cost(call)))
                .AddWithCall(Name("regexReplaceAllLiteral"), (TemplateCall call, string pattern, string text, string replacement)
                    => Compile(pattern).ReplaceAll(text, replacement, isLiteral: true, PatternCache.Cost(call)))
                .AddWithCall(Name("regexSplit"), (TemplateCall call, string pattern, string text, nint count)
                    => Compile(pattern).Split(text, Bounded(count), PatternCache.ItemCost(call)));
        }

        functions.Add("regexQuoteMeta", (string text) => GoPattern.QuoteMeta(text));
    }

    private static string[] FindAll(TemplateCall call, GoPattern pattern, string text, nint count)
    {
        return [.. pattern.FindAll(text, Bounded(count), PatternCache.ItemCost(call)).Select(match => text.Substring(match.Start, match.Length))];
    }

    private static int Bounded(nint count) => (int)Math.Clamp(count, -1, int.MaxValue);
}
