using System.Text;
using System.Text.RegularExpressions;

namespace K8sConsul.Helm.Charts;

/// <summary>The pattern of a path, as Go's <c>filepath.Match</c> reads it: <c>*</c>, <c>?</c>, <c>[a-z]</c>, none of which passes a slash.</summary>
internal static class PathPattern
{
    /// <exception cref="HelmException">It ends within a class or behind a backslash.</exception>
    public static Regex Compile(string pattern)
    {
        var expression = new StringBuilder("\\A");
        int at = 0;
        while (at < pattern.Length)
        {
            char c = pattern[at++];
            switch (c)
            {
                case '*':
                    expression.Append("[^/]*");
                    break;
                case '?':
                    expression.Append("[^/]");
                    break;
                case '\\':
                    expression.Append(Regex.Escape(At(pattern, at++).ToString()));
                    break;
                case '[':
                    expression.Append(Class(pattern, ref at));
                    break;
                default:
                    expression.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        return new Regex(expression.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }

    /// <param name="pattern">The whole.</param>
    /// <param name="at">Behind the opening bracket; moves behind the closing one.</param>
    private static string Class(string pattern, ref int at)
    {
        var letters = new StringBuilder("[");
        if (At(pattern, at) == '^')
        {
            letters.Append("^/");
            at++;
        }

        bool first = true;
        while (At(pattern, at) != ']' || first)
        {
            first = false;
            char c = pattern[at++];
            bool isRange = c == '-';
            c = c == '\\' ? At(pattern, at++) : c;
            letters.Append(isRange ? "-" : $"\\u{(int)c:x4}");
        }

        at++;
        return letters.Append(']').ToString();
    }

    private static char At(string pattern, int index)
    {
        return index < pattern.Length ? pattern[index] : throw new HelmException("syntax error in pattern");
    }
}
