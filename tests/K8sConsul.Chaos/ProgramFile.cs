namespace K8sConsul.Chaos;

/// <summary>The consul under test.</summary>
internal static class ProgramFile
{
    private const string Published = "artifacts/publish/K8sConsul.Cli/release/consul";

    public static string Find(ChaosOptions options) =>
        WhyAbsent(options) is { } reason ? throw new ChaosException(reason) : Path.GetFullPath(options.ProgramPath ?? InCheckout());

    public static string? WhyAbsent(ChaosOptions options)
    {
        string path = options.ProgramPath ?? InCheckout();
        return File.Exists(path) ? null : $"there is no {path}: publish it, or name one by --program";
    }

    private static string InCheckout()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "K8sConsul.sln")))
            {
                return Path.Combine(at.FullName, Published);
            }
        }

        return Published;
    }
}
