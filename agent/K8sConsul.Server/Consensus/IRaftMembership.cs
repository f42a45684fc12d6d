using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Who takes part in the consensus, for those who change that.</summary>
public interface IRaftMembership
{
    /// <summary>In force here: the newest that the log holds.</summary>
    RaftConfiguration Configuration { get; }

    /// <summary>Proposes a change of one server and waits until it is committed here.</summary>
    /// <exception cref="ConsensusException">Leadership was lost, or the change was refused.</exception>
    Task ChangeAsync(ConfigurationChange change, CancellationToken cancellationToken);
}
