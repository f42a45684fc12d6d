namespace K8sConsul.Cli;

/// <summary>The program's arguments, taken apart.</summary>
internal sealed record Invocation
{
    /// <summary>The command's words; the first argument that is no flag when no command has that name, and empty when there is none.</summary>
    public string Command { get; private init; } = string.Empty;

    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <summary>Anywhere before <c>--</c>, even behind the command's own arguments.</summary>
    public bool WantsHelp { get; private init; }

    /// <summary>Before the command only.</summary>
    public bool WantsVersion { get; private init; }

    public bool HasFlagsBeforeCommand { get; private init; }

    public static Invocation Parse(IReadOnlyList<string> arguments)
    {
        var found = new Invocation();
        bool hasCommand = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument is "--")
            {
                break;
            }

            if (argument is "-h" or "-help" or "--help")
            {
                found = found with { WantsHelp = true };
            }
            else if (!hasCommand && argument is "-v" or "-version" or "--version")
            {
                found = found with { WantsVersion = true };
            }
            else if (!hasCommand && argument.StartsWith('-'))
            {
                found = found with { HasFlagsBeforeCommand = true };
            }
            else if (!hasCommand && argument.Length > 0)
            {
                hasCommand = true;
                (string name, int words) = LongestCommand(arguments, i);
                i += words - 1;
                found = found with { Command = name, Arguments = Rest(arguments, i + 1) };
            }
        }

        return found;
    }

    /// <summary>As many words as still name a command; at least one, which may name none.</summary>
    private static (string Name, int Words) LongestCommand(IReadOnlyList<string> arguments, int first)
    {
        string name = arguments[first];
        int words = 1;
        while (first + words < arguments.Count && !arguments[first + words].StartsWith('-'))
        {
            string longer = $"{name} {arguments[first + words]}";
            if (!CommandTable.HasSubcommand(longer))
            {
                break;
            }

            name = longer;
            words++;
        }

        return (name, words);
    }

    private static string[] Rest(IReadOnlyList<string> arguments, int start)
    {
        string[] rest = new string[arguments.Count - start];
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = arguments[start + i];
        }

        return rest;
    }
}
