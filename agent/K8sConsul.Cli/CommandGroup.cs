namespace K8sConsul.Cli;

/// <summary>A name that only gathers sub-commands: called by itself it shows them.</summary>
internal sealed class CommandGroup(Terminal terminal, string usageText) : Command(terminal)
{
    protected override string UsageText => usageText;

    /// <summary>It has no flags, and whatever follows was meant for a sub-command that does not exist.</summary>
    public override int Run(IReadOnlyList<string> arguments)
    {
        return ShowHelp;
    }

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        return ShowHelp;
    }
}
