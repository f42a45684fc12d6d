namespace K8sConsul.Agent.Configuration;

/// <summary>The operating system's words for a failed file operation, which Consul's texts end with.</summary>
public static class OsError
{
    public static string TextOf(Exception failure)
    {
        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
            UnauthorizedAccessException => "permission denied",
            IOException { HResult: IsADirectory } => "is a directory",
            IOException { HResult: NotADirectory } => "not a directory",
            _ => failure.Message,
        };
    }

    // On Unix the errno is carried in HResult where .NET has no exception of its own for it.
    private const int NotADirectory = 20;
    private const int IsADirectory = 21;
}
