using System.Diagnostics;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>Programs of other people that a test needs. Where one is absent the test is skipped with the reason; with CI=true that is a failure.</summary>
internal static class Peers
{
    /// <summary>HashiCorp's program, in the folder that K8SCONSUL_TESTBED names.</summary>
    public static string RealConsul()
    {
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string? path = testbed is null ? null : Path.Combine(testbed, "bin", "consul-real");
        return path is not null && File.Exists(path)
            ? path
            : Absent("the real consul is absent: K8SCONSUL_TESTBED does not name a folder with bin/consul-real");
    }

    public static string OnPath(string name) => Candidates(name).FirstOrDefault() ?? Absent($"{name} is absent: not on the PATH");

    /// <summary>A Python that has the module <c>consul</c>; the first on the PATH need not be the one that Debian's package is for.</summary>
    public static async Task<string> PythonWithConsulAsync()
    {
        foreach (string python in Candidates("python3"))
        {
            using Process probe = Process.Start(new ProcessStartInfo(python, ["-c", "import consul"]) { RedirectStandardError = true, UseShellExecute = false })!;
            await probe.StandardError.ReadToEndAsync();
            await probe.WaitForExitAsync();
            if (probe.ExitCode == 0)
            {
                return python;
            }
        }

        return Absent("no python3 on the PATH has the module consul (python3-consul)");
    }

    public static string Absent(string reason)
    {
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), reason);
        Assert.Skip(reason);
        throw new UnreachableException();
    }

    private static IEnumerable<string> Candidates(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .Where(File.Exists);
}
