using System.Collections.Concurrent;

namespace K8sConsul.Logging;

/// <summary>
/// A message template, split into its message and its pairs. The convention: a template reads as the line it makes,
/// <c>"Started DNS server: address={Address} network={Network}"</c>. What follows the colon is pairs if it is nothing but
/// <c>key={Placeholder}</c>, separated by single blanks; placeholders before it are part of the message.
/// </summary>
internal sealed class LogTemplate
{
    private const string OriginalFormatKey = "{OriginalFormat}";

    /// <summary>Templates are constants, so that a program has some hundreds. Above this number somebody formats texts himself.</summary>
    private const int CacheCountMax = 4096;

    private static readonly ConcurrentDictionary<string, LogTemplate> _cache = new(StringComparer.Ordinal);

    private LogTemplate(IReadOnlyList<Part> message, IReadOnlyList<Pair> pairs)
    {
        Message = message;
        Pairs = pairs;
    }

    public IReadOnlyList<Part> Message { get; }

    public IReadOnlyList<Pair> Pairs { get; }

    /// <summary>Null where the state has no template; its formatted text is then the whole message.</summary>
    public static LogTemplate? Of(IReadOnlyList<KeyValuePair<string, object?>> state)
    {
        if (state.Count == 0 || state[^1] is not { Key: OriginalFormatKey, Value: string template })
        {
            return null;
        }

        if (_cache.TryGetValue(template, out LogTemplate? known))
        {
            return known;
        }

        LogTemplate parsed = Parse(template);
        if (_cache.Count < CacheCountMax)
        {
            _cache[template] = parsed;
        }

        return parsed;
    }

    public static LogTemplate Parse(string template)
    {
        for (int at = template.IndexOf(": ", StringComparison.Ordinal); at >= 0;
            at = template.IndexOf(": ", at + 1, StringComparison.Ordinal))
        {
            if (TryParsePairs(template[(at + 2)..], out List<Pair> pairs))
            {
                return new LogTemplate(ParseParts(template[..at]), pairs);
            }
        }

        return new LogTemplate(ParseParts(template), []);
    }

    private static bool TryParsePairs(string text, out List<Pair> pairs)
    {
        pairs = [];
        foreach (string word in text.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals + 2 >= word.Length || word[equals + 1] != '{' || word[^1] != '}'
                || word.AsSpan(equals + 2).Count('}') != 1)
            {
                return false;
            }

            pairs.Add(new Pair(word[..equals], NameOf(word[(equals + 2)..^1])));
        }

        return true;
    }

    private static List<Part> ParseParts(string text)
    {
        var parts = new List<Part>();
        int at = 0;
        while (at < text.Length)
        {
            int open = text.IndexOf('{', at);
            int close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            if (text[open + 1] == '{')
            {
                parts.Add(new Part(Unescaped(text[at..(open + 1)]), Placeholder: null));
                at = open + 2;
                continue;
            }

            parts.Add(new Part(Unescaped(text[at..open]), NameOf(text[(open + 1)..close])));
            at = close + 1;
        }

        parts.Add(new Part(Unescaped(text[at..]), Placeholder: null));
        return parts;
    }

    private static string Unescaped(string literal)
    {
        return literal.Replace("}}", "}", StringComparison.Ordinal);
    }

    /// <summary>Without width and format, which hclog has not.</summary>
    private static string NameOf(string placeholder)
    {
        return placeholder.Split(':', ',')[0];
    }

    /// <summary>A literal and, behind it, the value of a placeholder.</summary>
    public readonly record struct Part(string Literal, string? Placeholder);

    public readonly record struct Pair(string Key, string Placeholder);
}
