using System.Text;
using System.Text.RegularExpressions;

namespace K8sConsul.Helm.Rendering;

/// <summary>
/// The pattern of <c>.Files.Glob</c>: <c>*</c> and <c>?</c> within a folder, <c>**</c> over folders, <c>[a-z]</c>, <c>[!a]</c>,
/// <c>{one,other}</c>.
/// </summary>
internal static class FileGlob
{
    /// <returns>Null for what is no pattern.</returns>
    public static Regex? TryCompile(string pattern)
    {
        var expression = new StringBuilder("\\A");
        int open = 0;
        int at = 0;
        while (at < pattern.Length)
        {
            char c = pattern[at++];
            switch (c)
            {
                case '*' when at < pattern.Length && pattern[at] == '*':
                    at++;
                    expression.Append(".*");
                    break;
                case '*':
                    expression.Append("[^/]*");
                    break;
                case '?':
                    expression.Append("[^/]");
                    break;
                case '{':
                    open++;
                    expression.Append("(?:");
                    break;
                case '}' when open > 0:
                    open--;
                    expression.Append(')');
                    break;
                case ',' when open > 0:
                    expression.Append('|');
                    break;
                case '[' when pattern.IndexOf(']', at) is var end and >= 0:
                    bool negates = pattern[at] == '!';
                    string letters = pattern[(negates ? at + 1 : at)..end];
                    if (letters.Length == 0)
                    {
                        return null;
                    }

                    expression.Append(negates ? "[^" : "[").Append(letters.Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                    at = end + 1;
                    break;
                case '[':
                    return null;
                case '\\' when at < pattern.Length:
                    expression.Append(Regex.Escape(pattern[at++].ToString()));
                    break;
                default:
                    expression.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        return open > 0
            ? null
            : new Regex(expression.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }
}
