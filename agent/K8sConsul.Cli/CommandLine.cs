namespace K8sConsul.Cli;

/// <summary>From the program's arguments to one command, by the rules of Consul's command line.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        Invocation invocation = Invocation.Parse(arguments);
        if (invocation.WantsVersion)
        {
            return Dispatch("version", [], terminal);
        }

        if (invocation.WantsHelp && invocation.Command.Length == 0)
        {
            terminal.Print(HelpText.OfProgram());
            return ExitCode.Success;
        }

        Command? command = CommandTable.Create(invocation.Command, terminal);
        if (command is null)
        {
            terminal.Error(HelpText.OfProgram());
            return ExitCode.UnknownCommand;
        }

        if (invocation.WantsHelp)
        {
            terminal.Print(HelpText.Of(invocation.Command, command));
            return ExitCode.Success;
        }

        if (invocation.HasFlagsBeforeCommand)
        {
            terminal.Error("Invalid flags before the subcommand. If these flags are for\nthe subcommand, please put them after the subcommand.\n");
            terminal.Error(HelpText.Of(invocation.Command, command));
            return ExitCode.Failure;
        }

        return Finish(command.Run(invocation.Arguments), invocation.Command, command, terminal);
    }

    private static int Dispatch(string name, IReadOnlyList<string> arguments, Terminal terminal)
    {
        Command command = CommandTable.Create(name, terminal)!;
        return Finish(command.Run(arguments), name, command, terminal);
    }

    private static int Finish(int outcome, string name, Command command, Terminal terminal)
    {
        if (outcome != Command.ShowHelp)
        {
            return outcome;
        }

        terminal.Error(HelpText.Of(name, command));
        return ExitCode.Failure;
    }
}
