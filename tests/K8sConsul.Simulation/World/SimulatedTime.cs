namespace K8sConsul.Simulation.World;

internal static class SimulatedTime
{
    /// <summary>The unit of time is a thousandth of a tick.</summary>
    public const int Tick = 1000;
}
