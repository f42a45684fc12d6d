using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace K8sConsul.Filter;

/// <summary>
/// Regular expressions in Go's syntax (RE2), run by .NET's non-backtracking engine, so that matching takes time linear in the
/// text whatever a client writes. Unanchored. What RE2 reads differently is translated; what it refuses is refused with its text.
/// </summary>
public static class GoRegex
{
    /// <summary>Checks and compiles a pattern.</summary>
    /// <param name="pattern">In the syntax of Go's <c>regexp</c> package.</param>
    /// <param name="regex">Tests whether a text holds a match. Positions and groups of matches are not meant to be used.</param>
    /// <param name="error">Otherwise Go's text, such as <c>error parsing regexp: missing closing ): `(`</c>.</param>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        regex = null;
        try
        {
            string translated = new GoRegexTranslator(pattern).Translate();
            regex = new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            error = null;
            return true;
        }
        catch (GoRegexSyntaxException refusal)
        {
            error = refusal.Message;
            return false;
        }
    }
}
