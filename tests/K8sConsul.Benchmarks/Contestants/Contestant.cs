namespace K8sConsul.Benchmarks.Contestants;

/// <summary>One of the two programs.</summary>
internal sealed record Contestant(string Name, string Program)
{
    public const string OursName = "ours";
    public const string RealName = "real";

    /// <exception cref="BenchmarkException">One of them is not there.</exception>
    public static List<Contestant> Find(BenchmarkOptions options)
    {
        string ours = options.OursPath ?? Path.Combine(RepositoryRoot(), "artifacts/publish/K8sConsul.Cli/release/consul");
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string? real = options.RealPath ?? (string.IsNullOrEmpty(testbed) ? null : Path.Combine(testbed, "bin/consul-real"));
        return
        [
            new Contestant(OursName, Require(ours, "publish it first (dotnet publish agent/K8sConsul.Cli -c Release), or say where it is with --ours")),
            new Contestant(RealName, Require(real, "say where HashiCorp's Consul 1.8.7 is with --real, or with K8SCONSUL_TESTBED")),
        ];
    }

    private static string Require(string? path, string advice)
    {
        return File.Exists(path) ? Path.GetFullPath(path) : throw new BenchmarkException($"nothing to run at {path ?? "(no path)"}: {advice}");
    }

    private static string RepositoryRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "K8sConsul.sln")))
            {
                return folder;
            }
        }

        return Environment.CurrentDirectory;
    }
}
