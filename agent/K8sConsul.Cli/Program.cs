namespace K8sConsul.Cli;

internal static class Program
{
    private static int Main()
    {
        return 127;
    }
}
