namespace K8sConsul.Simulation.Checking;

/// <summary>A promise was broken. The message says which, where and by what.</summary>
internal sealed class SimulationViolationException(string message) : Exception(message)
{
    public static void Require(bool holds, FormattableString message)
    {
        if (!holds)
        {
            throw new SimulationViolationException(FormattableString.Invariant(message));
        }
    }
}
