using System.Globalization;
using K8sConsul.Chaos.Cluster;

namespace K8sConsul.Chaos.Tests;

/// <summary>
/// The promises, on real servers whose network and processes are broken. Goal: no violation; method: the program of this name, for three
/// minutes or as many as K8SCONSUL_CHAOS_MINUTES says, with the seed that K8SCONSUL_CHAOS_SEED says.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_promise_is_kept_while_network_and_processes_break()
    {
        ChaosOptions options = new() { Minutes = Setting("K8SCONSUL_CHAOS_MINUTES", 3), Seed = (int)Setting("K8SCONSUL_CHAOS_SEED", 1) };
        if ((Network.WhyAbsent() ?? await Network.WhyRefusedAsync() ?? ProgramFile.WhyAbsent(options)) is { } reason)
        {
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), reason);
            Assert.Skip(reason);
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        bool isKept = await ChaosRun.RunAsync(options, text, TestContext.Current.CancellationToken);
        output.WriteLine(text.ToString());
        Assert.True(isKept, text.ToString());
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
