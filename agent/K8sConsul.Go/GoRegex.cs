using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace K8sConsul.Go;

/// <summary>
/// Regular expressions in Go's syntax (RE2), run by .NET's non-backtracking engine, so that matching takes time linear in the
/// text whatever a client writes. Unanchored. What RE2 reads differently is translated; what it refuses is refused with its text.
/// </summary>
public static class GoRegex
{
    /// <summary>Longest regular expression, in UTF-16 units.</summary>
    public const int LengthMax = 4 * 1024;

    /// <summary>Most states that a regular expression may expand to; counted repeats multiply (<c>(a{100}){10}</c> is 1,000).</summary>
    public const int SizeMax = 20_000;

    /// <summary>Checks and compiles a pattern.</summary>
    /// <param name="pattern">In the syntax of Go's <c>regexp</c> package.</param>
    /// <param name="regex">Tests whether a text holds a match. For positions and groups there is <see cref="GoPattern"/>.</param>
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
