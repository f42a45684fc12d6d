using K8sConsul.Raft;

namespace K8sConsul.Simulation.World;

/// <summary>Where in the log the published state is, and the members in force there.</summary>
internal sealed record AppliedState(EntryId Last, RaftConfiguration Configuration, LogIndex ConfigurationIndex)
{
    public static AppliedState Nothing { get; } = new(default, RaftConfiguration.Empty, default);
}
