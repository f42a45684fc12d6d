using System.Text;
using System.Text.RegularExpressions;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>
/// Help texts without their prose, which is everybody's own: the usage line, headings, flags with their value words and defaults,
/// sub-commands with their labels, and the empty lines between.
/// </summary>
internal static partial class HelpSkeleton
{
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
        return skeleton.ToString(0, skeleton.Length - 1);
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

    [GeneratedRegex(@" \(default .*\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Default();
}
