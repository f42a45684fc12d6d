using System.Text;
using System.Text.RegularExpressions;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>
/// Help texts without their prose, which is everybody's own: the usage line, headings, flags with their value words and defaults,
/// sub-commands with their labels, and the empty lines between.
/// </summary>
internal static partial class HelpSkeleton
{
    /// <summary>Sub-commands of releases after 1.8.7 and of other programs, which the real program's listings cannot have.</summary>
    private static readonly string[] _later = ["state", "template", "transfer-leader"];

    /// <summary>Texts without a help in them stay as they are.</summary>
    public static string Of(string text)
    {
        var skeleton = new StringBuilder();
        bool inHelp = false;
        bool inOptions = false;
        foreach (string line in text.Split('\n'))
        {
            if (!inHelp)
            {
                inHelp = line.StartsWith("Usage:", StringComparison.Ordinal);
                inOptions = line == "Usage:";
                skeleton.Append(line).Append('\n');
            }
            else if (line is "HTTP API Options" or "Command Options" or "Subcommands:" || line.StartsWith("Failed to parse args", StringComparison.Ordinal))
            {
                inOptions = true;
                skeleton.Append(line).Append('\n');
            }
            else if (inOptions)
            {
                AppendOption(skeleton, line);
            }
        }

        // Each line brought a newline, the last one too many.
        return WithoutLater(skeleton.ToString(0, skeleton.Length - 1));
    }

    /// <summary>Leaves out later sub-commands, and moves the column of the labels to where it is without them.</summary>
    private static string WithoutLater(string skeleton)
    {
        List<Match> rows = [.. SubcommandRow().Matches(skeleton).Cast<Match>()];
        List<Match> kept = rows.FindAll(row => !_later.Contains(row.Groups["name"].Value, StringComparer.Ordinal));
        if (kept.Count == rows.Count)
        {
            return skeleton;
        }

        int width = kept.Max(row => row.Groups["name"].Length);
        return SubcommandRow().Replace(
            skeleton, row => kept.Exists(k => k.Index == row.Index) ? $"    {row.Groups["name"].Value.PadRight(width)}    {row.Groups["label"].Value}\n" : string.Empty);
    }

    private static void AppendOption(StringBuilder skeleton, string line)
    {
        if (line.StartsWith("     ", StringComparison.Ordinal) || line.StartsWith("    \t", StringComparison.Ordinal))
        {
            string shown = line.StartsWith("    \t", StringComparison.Ordinal) ? $"    \t~{Default().Match(line).Value}\n" : "     ~\n";
            if (!skeleton.ToString().EndsWith("     ~\n", StringComparison.Ordinal))
            {
                skeleton.Append(shown);
            }

            return;
        }

        skeleton.Append(line).Append('\n');
    }

    [GeneratedRegex(@"^ {4}(?<name>[a-z-]+) {4,}(?<label>\S.*)\n", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex SubcommandRow();

    [GeneratedRegex(@" \(default .*\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Default();
}
