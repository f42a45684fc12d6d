namespace K8sConsul.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            return QuickGet.TryRun(arguments) ? ExitCode.Success : CommandLine.Run(arguments, Terminal.OfProcess());
        }
        catch (OutputClosedException)
        {
            // Whoever read us went away (consul … | head). A Go program dies of SIGPIPE here, just as quietly.
            return 1;
        }
    }
}
