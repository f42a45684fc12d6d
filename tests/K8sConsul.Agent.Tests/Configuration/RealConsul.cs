using System.Diagnostics;

namespace K8sConsul.Agent.Tests.Configuration;

/// <summary>Runs the real program, which the folder named by K8SCONSUL_TESTBED holds.</summary>
internal static class RealConsul
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Skips the test where the program is absent; with CI=true that is a failure instead.</summary>
    public static string Locate()
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

    public static (int ExitCode, string Output, string Error) Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Locate(), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = System.Diagnostics.Process.Start(start) ?? throw new InvalidOperationException("consul-real did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            Assert.Fail($"consul-real {string.Join(' ', arguments)} did not end within {_patience}");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
