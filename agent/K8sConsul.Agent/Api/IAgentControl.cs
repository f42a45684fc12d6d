using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Api;

/// <summary>What the API may ask of the agent as a whole.</summary>
internal interface IAgentControl
{
    GossipPool Lan { get; }

    /// <summary>Null on clients, and on servers that have switched it off.</summary>
    GossipPool? Wan { get; }

    /// <summary>Leaves the cluster and then stops the process; returns when that has begun.</summary>
    void BeginLeave();

    /// <summary>Reads the configuration again.</summary>
    /// <returns>Why that failed, or null.</returns>
    Task<string?> ReloadAsync(CancellationToken cancellationToken);

    /// <summary>The figures of <c>consul info</c>, by group.</summary>
    Task<SortedDictionary<string, SortedDictionary<string, string>>> StatsAsync();

    /// <summary>The configuration in force, flat, with secrets hidden.</summary>
    SortedDictionary<string, object?> DebugConfig();

    SelfDescription Self { get; }

    Member LocalMember { get; }
}

/// <summary>Who the agent is.</summary>
internal sealed record SelfDescription(
    string Datacenter, string NodeName, string NodeId, bool IsServer, string Version, string Revision, IReadOnlyDictionary<string, string> Meta, bool CoordinatesEnabled);
