using System.Text.RegularExpressions;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>What README.md tells its reader to type.</summary>
internal static partial class Readme
{
    /// <summary>Lines of the fenced <c>sh</c> blocks, in the order of a reader.</summary>
    public static IReadOnlyList<string> Commands { get; } =
        [.. Fence().Matches(Text()).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Commands of <c>consul</c> that are named within sentences, without their arguments.</summary>
    public static IReadOnlyList<string> NamedCommands { get; } =
        [.. Span().Matches(Fence().Replace(Text(), string.Empty)).Select(span => span.Groups["command"].Value).Distinct(StringComparer.Ordinal)];

    private static string Text() => File.ReadAllText(Checkout.File("README.md"));

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("`consul (?<command>[a-z -]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();
}
