using System.Text;

namespace K8sConsul.Cli;

/// <summary>The listings of commands.</summary>
internal static class HelpText
{
    /// <summary>Ends with a newline, to which the usual one of a printed line is added.</summary>
    public static string OfProgram()
    {
        var text = new StringBuilder("Usage: consul [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n");
        AppendList(text, ChildrenOf(string.Empty));
        return text.ToString();
    }

    /// <summary>A command's own help, with its sub-commands where it has some.</summary>
    public static string Of(string name, Command command)
    {
        List<KeyValuePair<string, string>> children = ChildrenOf(name + " ");
        if (children.Count == 0)
        {
            return command.Help;
        }

        var text = new StringBuilder(command.Help).Append("\n\nSubcommands:\n");
        AppendList(text, children);
        return text.ToString(0, text.Length - 1);
    }

    private static List<KeyValuePair<string, string>> ChildrenOf(string prefix)
    {
        var children = new List<KeyValuePair<string, string>>();
        foreach ((string name, string synopsis) in CommandTable.Entries)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)
                && !name.AsSpan(prefix.Length).Contains(' '))
            {
                children.Add(new KeyValuePair<string, string>(name[prefix.Length..], synopsis));
            }
        }

        return children;
    }

    private static void AppendList(StringBuilder text, List<KeyValuePair<string, string>> rows)
    {
        int width = 0;
        foreach ((string name, _) in rows)
        {
            width = Math.Max(width, name.Length);
        }

        foreach ((string name, string synopsis) in rows)
        {
            text.Append("    ").Append(name.PadRight(width)).Append("    ").Append(synopsis).Append('\n');
        }
    }
}
