using System.Text;

namespace K8sConsul.Cli.GoFlags;

/// <summary>The two listings of a command's flags.</summary>
internal static class FlagText
{
    private const int LineWidth = 72;
    private const int DescriptionIndent = 5;

    /// <summary>Go's usage list, shown on the error stream after a bad flag. Ends with a newline.</summary>
    public static string Usage(FlagSet flags)
    {
        var text = new StringBuilder("Usage:\n");
        foreach (Flag flag in flags.Flags)
        {
            (string valueName, string description) = flag.Unquote();
            string head = valueName.Length == 0 ? $"  -{flag.Name}" : $"  -{flag.Name} {valueName}";

            // Go puts the description of a one-letter boolean on the same line.
            text.Append(head).Append(head.Length <= 4 ? "\t" : "\n    \t");
            text.Append(description.Replace("\n", "\n    \t", StringComparison.Ordinal));
            if (flag.DefaultText is not null)
            {
                text.Append(" (default ").Append(flag.DefaultText).Append(')');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A command's help: its own text, then the flags by group. Ends without a newline.</summary>
    public static string Help(string usage, FlagSet flags)
    {
        var text = new StringBuilder(usage.Trim()).Append("\n\n");
        AppendGroup(text, "HTTP API Options", flags, FlagGroup.HttpApi);
        AppendGroup(text, "Command Options", flags, FlagGroup.Command);
        return text.ToString().TrimEnd('\n');
    }

    private static void AppendGroup(StringBuilder text, string title, FlagSet flags, FlagGroup group)
    {
        bool any = false;
        foreach (Flag flag in flags.Flags.Where(flag => flag.Group == group))
        {
            if (!any)
            {
                text.Append(title).Append("\n\n");
                any = true;
            }

            string valueName = flag.Unquote().ValueName;
            text.Append("  -").Append(flag.Name);
            text.Append(valueName.Length == 0 ? "\n" : $"=<{valueName}>\n");
            foreach (string line in LineWrap.Balanced(flag.Usage, LineWidth - DescriptionIndent))
            {
                text.Append(' ', DescriptionIndent).Append(line).Append('\n');
            }

            text.Append('\n');
        }
    }
}
