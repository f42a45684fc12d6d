using System.Globalization;
using K8sConsul.Chaos.Cluster;

namespace K8sConsul.Chaos.Tests;

/// <summary>
/// The promises of README.md's command, on real servers whose network and processes are broken. Goal: no violation; method: the same options, for three
/// minutes or as many as K8SCONSUL_CHAOS_MINUTES says, with the seed that K8SCONSUL_CHAOS_SEED says.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    /// <summary>As README.md has it.</summary>
    private const string Documented = "dotnet run --project tests/K8sConsul.Chaos -c Release -- --servers 3 --minutes 3 --seed 1 --report chaos";

    [Fact]
    public async Task Every_promise_is_kept_while_network_and_processes_break()
    {
        ChaosOptions shown = ChaosOptions.TryParse(Documented.Split(" -- ")[1].Split(' '), out _)!;
        ChaosOptions options = shown with
        {
            Minutes = Setting("K8SCONSUL_CHAOS_MINUTES", shown.Minutes), Seed = (int)Setting("K8SCONSUL_CHAOS_SEED", shown.Seed), ReportPath = null,
        };
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
