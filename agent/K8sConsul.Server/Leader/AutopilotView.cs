using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Leader;

/// <summary>All that autopilot decides by, at one moment on the leader.</summary>
public sealed record AutopilotView
{
    public required RaftConfiguration Configuration { get; init; }

    public required ServerId Leader { get; init; }

    /// <summary>The end of the leader's log when the others were asked for theirs.</summary>
    public required EntryId LastEntry { get; init; }

    /// <summary>The servers of the datacenter that gossip knows, in any status.</summary>
    public required IReadOnlyList<ServerParts> Gossip { get; init; }

    /// <summary>What the servers answered; who did not is absent.</summary>
    public required IReadOnlyDictionary<ServerId, ServerStats> Stats { get; init; }

    public required AutopilotRecord Config { get; init; }

    /// <summary>For people to read.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Monotonic, since some moment that is the same for all views of one reign.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>A server's health. Consul's <c>ServerHealth</c>.</summary>
/// <param name="Name">Empty when gossip does not know it.</param>
/// <param name="Status">Null when gossip does not know it.</param>
/// <param name="Stats">Null when it did not answer.</param>
/// <param name="StableSince">When it became what it is, healthy or not; null before it first answered.</param>
/// <param name="StableAt">The same on the clock of <see cref="AutopilotView.Elapsed"/>.</param>
/// <param name="WantsVote">False for read replicas.</param>
public sealed record ServerHealth(
    ServerId Id,
    string Name,
    string Address,
    MemberStatus? Status,
    string Version,
    bool IsLeader,
    bool IsVoter,
    ServerStats? Stats,
    bool IsHealthy,
    DateTimeOffset? StableSince,
    TimeSpan StableAt,
    bool WantsVote);

/// <summary>The health of the servers in Raft's configuration, in its order.</summary>
/// <param name="FailureTolerance">How many healthy voters can be lost with a quorum left.</param>
public sealed record ClusterHealth(bool IsHealthy, int FailureTolerance, IReadOnlyList<ServerHealth> Servers)
{
    /// <summary>Before the first look.</summary>
    public static readonly ClusterHealth Unknown = new(IsHealthy: false, 0, []);
}

/// <summary>Who is to be taken out of the cluster.</summary>
/// <param name="ForceLeaves">Names of failed members: gossip is told that they left, whereupon they leave Raft too.</param>
/// <param name="Peers">Peers that gossip does not know.</param>
/// <param name="Denied">Why dead servers stay, or null.</param>
public sealed record AutopilotRemovals(IReadOnlyList<string> ForceLeaves, IReadOnlyList<ServerId> Peers, string? Denied)
{
    public static readonly AutopilotRemovals None = new([], [], Denied: null);
}

/// <summary>What autopilot makes of a view.</summary>
/// <param name="Promotions">Non-voters that get their vote.</param>
public sealed record AutopilotDecision(ClusterHealth Health, IReadOnlyList<ServerHealth> Promotions, AutopilotRemovals Removals);
