namespace K8sConsul.EndToEnd.Tests;

/// <summary>HashiCorp's program, in the folder that K8SCONSUL_TESTBED names.</summary>
internal static class RealConsul
{
    /// <summary>Skips the test where the program is absent; with CI=true that is a failure instead.</summary>
    public static string Locate()
    {
        if (Find() is { } path)
        {
            return path;
        }

        const string Reason = "the real consul is absent: K8SCONSUL_TESTBED does not name a folder with bin/consul-real";
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), Reason);
        Assert.Skip(Reason);
        return string.Empty;
    }

    /// <summary>For what goes on without it: null where it is absent.</summary>
    public static string? Find()
    {
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string? path = testbed is null ? null : Path.Combine(testbed, "bin", "consul-real");
        return File.Exists(path) ? path : null;
    }
}
