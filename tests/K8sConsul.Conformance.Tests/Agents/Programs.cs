namespace K8sConsul.Conformance.Tests.Agents;

internal static class Programs
{
    /// <summary>Built with this project, beside it.</summary>
    public static string Ours => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "consul.exe" : "consul");

    /// <summary>HashiCorp's program. Skips the test where it is absent; with CI=true that is a failure instead.</summary>
    public static string Real()
    {
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string? path = testbed is null ? null : Path.Combine(testbed, "bin", "consul-real");
        if (path is not null && File.Exists(path))
        {
            return path;
        }

        const string Reason = "the real consul is absent: K8SCONSUL_TESTBED does not name a folder with bin/consul-real";
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), Reason);
        Assert.Skip(Reason);
        return string.Empty;
    }
}
