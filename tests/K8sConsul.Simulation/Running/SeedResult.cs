using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.Faults;

namespace K8sConsul.Simulation.Running;

/// <summary>How a run ended.</summary>
/// <param name="Options">What was run.</param>
/// <param name="Violation">The broken promise, or null.</param>
/// <param name="Coverage">What was hit.</param>
/// <param name="Events">Until the end, the healing included.</param>
/// <param name="Faults">That took place.</param>
internal sealed record SeedResult(
    SimulationOptions Options, Exception? Violation, Coverage Coverage, int Events, IReadOnlyList<(int Number, long At, Fault Fault, string What)> Faults)
{
    public static SeedResult Of(SimulationOptions options)
    {
        var simulation = new Simulation(options);
        Exception? violation = null;
        try
        {
            simulation.Run();
        }
        catch (Exception found) when (found is not OutOfMemoryException)
        {
            // Whatever stops a server that was not asked to stop is a finding: a violation, a broken invariant, an error of the program.
            violation = found;
        }

        return new SeedResult(options, violation, simulation.Coverage, simulation.EventCount, simulation.Faults);
    }
}
