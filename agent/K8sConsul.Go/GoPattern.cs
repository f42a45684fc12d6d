using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace K8sConsul.Go;

/// <summary>A compiled pattern of Go's <c>regexp</c>: finds, replaces and splits as Go does, on .NET's non-backtracking engine.</summary>
/// <remarks>
/// One search takes time linear in the text; finding all matches may search the text's rest once for each. Callers that must bound
/// that pass a delegate which is told the length of each search, and throws when it has enough.
/// </remarks>
public sealed class GoPattern
{
    private readonly Regex _regex;
    private readonly IReadOnlyList<string> _groupNames;

    private GoPattern(string source, Regex regex, IReadOnlyList<string> groupNames)
    {
        Source = source;
        _regex = regex;
        _groupNames = groupNames;
    }

    /// <summary>As it was written.</summary>
    public string Source { get; }

    /// <inheritdoc cref="GoRegex.TryCompile"/>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out GoPattern? compiled, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        compiled = null;
        try
        {
            var translator = new GoRegexTranslator(pattern, captures: true);
            string translated = translator.Translate();
            var regex = new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
            compiled = new GoPattern(pattern, regex, translator.GroupNames);
            error = null;
            return true;
        }
        catch (GoRegexSyntaxException refusal)
        {
            error = refusal.Message;
            return false;
        }
    }

    /// <summary>A pattern that matches exactly this text: <c>regexp.QuoteMeta</c>.</summary>
    public static string QuoteMeta(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var quoted = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal))
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.ToString();
    }

    public bool IsMatch(string text) => _regex.IsMatch(text);

    /// <summary>The leftmost match; null when there is none.</summary>
    public string? Find(string text)
    {
        Match match = _regex.Match(text);
        return match.Success ? match.Value : null;
    }

    /// <summary>Matches that do not overlap, from left to right. An empty one right behind another does not count.</summary>
    /// <param name="text">Searched.</param>
    /// <param name="countMax">Negative: all.</param>
    /// <param name="searched">Told how many characters each search may look at.</param>
    public IReadOnlyList<(int Start, int Length)> FindAll(string text, int countMax, Action<int>? searched = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<(int Start, int Length)>();
        int position = 0;
        int previousEnd = -1;
        while (position <= text.Length && (countMax < 0 || found.Count < countMax))
        {
            Match? match = Search(text, position, searched);
            if (match is null)
            {
                break;
            }

            int end = match.Index + match.Length;
            bool counts = match.Length > 0 || match.Index != previousEnd;
            position = end > position ? end : Next(text, position);
            previousEnd = end;
            if (counts)
            {
                found.Add((match.Index, match.Length));
            }
        }

        return found;
    }

    /// <summary>Every match replaced.</summary>
    /// <param name="text">Searched.</param>
    /// <param name="replacement">With <c>$1</c>, <c>${1}</c>, <c>$name</c> and <c>$$</c>, unless it is literal.</param>
    /// <param name="isLiteral">A <c>$</c> means itself.</param>
    /// <param name="searched">Told how many characters each search may look at, and how many are written.</param>
    public string ReplaceAll(string text, string replacement, bool isLiteral = false, Action<int>? searched = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(replacement);
        var replaced = new StringBuilder();
        int lastEnd = 0;
        int position = 0;
        while (position <= text.Length)
        {
            Match? match = Search(text, position, searched);
            if (match is null)
            {
                break;
            }

            int end = match.Index + match.Length;
            int before = replaced.Length;
            replaced.Append(text, lastEnd, match.Index - lastEnd);
            if (end > lastEnd || match.Index == 0)
            {
                _ = isLiteral ? replaced.Append(replacement) : Expand(replaced, replacement, match);
            }

            searched?.Invoke(replaced.Length - before);
            lastEnd = end;
            position = Math.Max(end, Next(text, position));
        }

        return replaced.Append(text, lastEnd, text.Length - lastEnd).ToString();
    }

    /// <summary>The parts between matches.</summary>
    /// <param name="text">Searched.</param>
    /// <param name="countMax">Of parts, the last of which is the unsplit rest; 0 gives none, negative all.</param>
    /// <param name="searched">Told how many characters each search may look at.</param>
    public IReadOnlyList<string> Split(string text, int countMax, Action<int>? searched = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (countMax == 0)
        {
            return [];
        }

        if (Source.Length > 0 && text.Length == 0)
        {
            return [""];
        }

        var parts = new List<string>();
        int start = 0;
        int end = 0;
        foreach ((int at, int length) in FindAll(text, countMax, searched))
        {
            if (countMax > 0 && parts.Count == countMax - 1)
            {
                break;
            }

            end = at;
            if (at + length != 0)
            {
                parts.Add(text[start..end]);
            }

            start = at + length;
        }

        if (end != text.Length)
        {
            parts.Add(text[start..]);
        }

        return parts;
    }

    private Match? Search(string text, int position, Action<int>? searched)
    {
        while (true)
        {
            searched?.Invoke(text.Length - position);
            Match match = _regex.Match(text, position);
            if (!match.Success)
            {
                return null;
            }

            // Between the halves of a character there is no place in Go.
            if (match.Length > 0 || !IsInsideCharacter(text, match.Index))
            {
                return match;
            }

            position = match.Index + 1;
        }
    }

    private static bool IsInsideCharacter(string text, int index)
    {
        return index > 0 && index < text.Length && char.IsSurrogatePair(text[index - 1], text[index]);
    }

    private static int Next(string text, int position)
    {
        return position + (position + 1 < text.Length && char.IsSurrogatePair(text[position], text[position + 1]) ? 2 : 1);
    }

    private StringBuilder Expand(StringBuilder target, string template, Match match)
    {
        int at = 0;
        while (at < template.Length)
        {
            int mark = template.IndexOf('$', at);
            if (mark < 0)
            {
                break;
            }

            target.Append(template, at, mark - at);
            at = mark + 1;
            if (at < template.Length && template[at] == '$')
            {
                target.Append('$');
                at++;
            }
            else if (TryTakeName(template, ref at, out string name))
            {
                target.Append(ValueOf(name, match));
            }
            else
            {
                target.Append('$');
            }
        }

        return target.Append(template, at, template.Length - at);
    }

    /// <summary>Behind a <c>$</c>: as many letters, digits and underscores as there are, or what stands in braces.</summary>
    private static bool TryTakeName(string template, ref int at, out string name)
    {
        bool braced = at < template.Length && template[at] == '{';
        int start = braced ? at + 1 : at;
        int end = start;
        while (end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_'))
        {
            end++;
        }

        name = template[start..end];
        if (name.Length == 0 || (braced && (end >= template.Length || template[end] != '}')))
        {
            return false;
        }

        at = braced ? end + 1 : end;
        return true;
    }

    /// <summary>A group that is not there, or took no part, is empty. Of groups with one name the first that took part counts.</summary>
    private string ValueOf(string name, Match match)
    {
        if (name.All(char.IsAsciiDigit) && (name.Length == 1 || name[0] != '0'))
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? match.Groups[number].Value : "";
        }

        for (int i = 1; i < _groupNames.Count; i++)
        {
            if (_groupNames[i] == name && match.Groups[i].Success)
            {
                return match.Groups[i].Value;
            }
        }

        return "";
    }
}
