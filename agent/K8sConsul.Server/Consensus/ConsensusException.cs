namespace K8sConsul.Server.Consensus;

/// <summary>Why the log did not take, or did not finish, a request. Expected in the life of a cluster.</summary>
public enum ConsensusFailure
{
    /// <summary>Nobody leads as far as this server knows.</summary>
    NoLeader,

    /// <summary>Another server leads; nothing was done here.</summary>
    NotLeader,

    /// <summary>This server led when the request came and lost that before the outcome was known: it may yet take effect.</summary>
    LeadershipLost,

    /// <summary>Too much is waiting; nothing was done.</summary>
    Overloaded,

    /// <summary>The server is stopping.</summary>
    Stopping,
}

/// <summary>A <see cref="ConsensusFailure"/> on its way to the edge, where it becomes Consul's text or a retry.</summary>
public sealed class ConsensusException(ConsensusFailure failure, string text) : Exception(text)
{
    public ConsensusFailure Failure { get; } = failure;

    internal static ConsensusException Of(ConsensusFailure failure) => new(failure, failure switch
    {
        ConsensusFailure.NoLeader => "No cluster leader",
        ConsensusFailure.NotLeader => "node is not the leader",
        ConsensusFailure.LeadershipLost => "leadership lost while committing log",
        ConsensusFailure.Overloaded => "timed out enqueuing operation",
        _ => "raft is already shutdown",
    });
}
