namespace K8sConsul.Cli;

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary><c>members</c>: nothing matched.</summary>
    public const int NothingFound = 2;

    public const int UnknownCommand = 127;
}
