using K8sConsul.Simulation.Bugs;

namespace K8sConsul.Simulation;

/// <summary>One run. Equal options give equal runs, event by event.</summary>
/// <param name="Seed">Everything random comes from it.</param>
/// <param name="Events">Events before everything is healed. Default 10,000.</param>
/// <param name="Servers">Voters at the beginning; 0: 3 or 5, by the seed.</param>
/// <param name="Bug">A deliberate fault of the program, to see that it is found.</param>
/// <param name="Keep">Of the scheduled faults only these take place, by their numbers; null: all. The shrinker's knob.</param>
/// <param name="IsNetworkCalm">No message is lost, doubled or late beyond the usual.</param>
internal sealed record SimulationOptions(
    ulong Seed, int Events = SimulationOptions.EventsDefault, int Servers = 0, Bug Bug = Bug.None, IReadOnlySet<int>? Keep = null, bool IsNetworkCalm = false)
{
    public const int EventsDefault = 10_000;

    /// <summary>What to type to see the run again.</summary>
    public string Command
    {
        get
        {
            string keep = Keep is null ? "" : " --keep " + (Keep.Count == 0 ? "none" : string.Join(',', Keep.Order()));
            return $"dotnet run --project tests/K8sConsul.Simulation -c Release -- --seed {Seed} --events {Events}"
                + (Servers == 0 ? "" : $" --servers {Servers}") + (Bug == Bug.None ? "" : $" --bug {Bug}") + keep + (IsNetworkCalm ? " --calm" : "");
        }
    }
}
