namespace K8sConsul.TemplateRunner.Processes;

/// <summary>What is started for a configured command.</summary>
/// <param name="Arguments">The program and its arguments.</param>
/// <param name="OwnGroup">In a process group of its own, to which signals go: a shell does not pass them on.</param>
internal sealed record ChildCommand(IReadOnlyList<string> Arguments, bool OwnGroup)
{
    /// <summary>One string with blanks is the shell's; one word and a list are started as they are. Null for no command at all.</summary>
    public static ChildCommand? Of(IReadOnlyList<string> command)
    {
        if (command.Count == 0 || (command.Count == 1 && string.IsNullOrWhiteSpace(command[0])))
        {
            return null;
        }

        if (command.Count > 1)
        {
            return new ChildCommand(command, OwnGroup: false);
        }

        string[] words = command[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 1
            ? new ChildCommand(words, OwnGroup: false)
            : new ChildCommand(["sh", "-c", command[0]], OwnGroup: true);
    }
}
