using K8sConsul.Cli.Commands.Template;

namespace K8sConsul.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            if (ProgramName.IsTemplate())
            {
                return RunTemplate(arguments);
            }

            return QuickGet.TryRun(arguments) ? ExitCode.Success : CommandLine.Run(arguments, Terminal.OfProcess());
        }
        catch (OutputClosedException)
        {
            // Whoever read us went away (consul … | head). A Go program dies of SIGPIPE here, just as quietly.
            return 1;
        }
    }

    /// <summary>Apart, so that no other command loads what templates need.</summary>
    private static int RunTemplate(string[] arguments)
    {
        return new TemplateCommand(Terminal.OfProcess(), ProgramName.Template).Run(arguments);
    }
}
