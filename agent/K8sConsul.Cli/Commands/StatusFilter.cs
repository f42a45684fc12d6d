using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace K8sConsul.Cli.Commands;

/// <summary>A regular expression over the five words of a member's status.</summary>
internal sealed class StatusFilter
{
    private readonly Regex? _expression;

    private StatusFilter(Regex? expression)
    {
        _expression = expression;
    }

    /// <param name="pattern">Go's syntax, of which .NET's is nearly a superset.</param>
    /// <param name="filter">Null when refused.</param>
    /// <param name="error">Go's text where the mistake is one that both know; empty when compiled.</param>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out StatusFilter? filter, out string error)
    {
        error = string.Empty;
        filter = null;
        try
        {
            // The default matches everything, and need not load the regular expressions.
            filter = new StatusFilter(pattern == ".*"
                ? null
                : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        }
        catch (RegexParseException refused)
        {
            error = $"error parsing regexp: {Explain(refused, pattern)}";
        }
        catch (NotSupportedException)
        {
            // Look-around and back references: .NET knows them and Go does not.
            error = $"error parsing regexp: invalid or unsupported Perl syntax: `{pattern}`";
        }

        return filter is not null;
    }

    public bool Matches(string status)
    {
        return _expression?.IsMatch(status) != false;
    }

    private static string Explain(RegexParseException refused, string pattern)
    {
        int at = Math.Clamp(refused.Offset, 0, pattern.Length);
        return refused.Error switch
        {
            RegexParseError.UnterminatedBracket => $"missing closing ]: `{pattern[LastUnclosed(pattern)..]}`",
            RegexParseError.InsufficientClosingParentheses => $"missing closing ): `{pattern}`",
            RegexParseError.InsufficientOpeningParentheses => $"unexpected ): `{pattern}`",
            RegexParseError.QuantifierAfterNothing => $"missing argument to repetition operator: `{QuantifierAt(pattern, at)}`",
            RegexParseError.NestedQuantifiersNotParenthesized => $"invalid nested repetition operator: `{NestedAt(pattern, at)}`",
            RegexParseError.UnescapedEndingBackslash => "trailing backslash at end of expression: ``",
            _ => refused.Message,
        };
    }

    private static int LastUnclosed(string pattern)
    {
        int open = -1;
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when open < 0:
                    open = i;
                    break;
                case ']' when open >= 0 && i > open + 1:
                    open = -1;
                    break;
            }
        }

        return Math.Max(open, 0);
    }

    private static string QuantifierAt(string pattern, int at)
    {
        int start = Math.Clamp(at - 1, 0, pattern.Length - 1);
        return pattern[start..(start + 1)];
    }

    private static string NestedAt(string pattern, int at)
    {
        int start = Math.Clamp(at - 2, 0, pattern.Length);
        return pattern[start..Math.Min(pattern.Length, start + 2)];
    }
}
