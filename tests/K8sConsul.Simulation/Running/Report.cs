using System.Globalization;
using K8sConsul.Simulation.Checking;

namespace K8sConsul.Simulation.Running;

/// <summary>What a person reads at the end.</summary>
internal static class Report
{
    public static void Violation(TextWriter output, SeedResult result)
    {
        output.WriteLine();
        output.WriteLine($"seed {result.Options.Seed}: {result.Violation!.GetType().Name}");
        output.WriteLine("  " + result.Violation.Message);
        foreach ((int number, long at, Faults.Fault fault, string what) in result.Faults)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  fault {number,4} at {at / 1000.0,9:0.000} ticks: {fault} {what}"));
        }

        if (result.Violation is not SimulationViolationException)
        {
            output.WriteLine(result.Violation.StackTrace);
        }

        output.WriteLine("  again: " + result.Options.Command);
    }

    public static void Coverage(TextWriter output, Coverage coverage, int runs)
    {
        output.WriteLine();
        output.WriteLine($"{"hit",14}  {"per run",9}  what");
        foreach ((string what, long hits) in coverage.Hits)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hits,14:N0}  {(double)hits / Math.Max(1, runs),9:0.00}  {what}"));
        }
    }
}
