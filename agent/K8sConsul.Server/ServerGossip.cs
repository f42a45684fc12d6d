using K8sConsul.Gossip;

namespace K8sConsul.Server;

/// <summary>What a server asks of the agent's gossip pools.</summary>
/// <param name="Lan">The LAN pool as it is now.</param>
/// <param name="Wan">The WAN pool as it is now; empty without one.</param>
/// <param name="AnnounceLeadershipAsync">Tells the LAN pool that this server was elected.</param>
/// <param name="ForceLeaveAsync">Tells all pools that the failed member of this name, without its datacenter, has left.</param>
public sealed record ServerGossip(
    Func<MemberList> Lan,
    Func<IReadOnlyList<WideAreaMember>> Wan,
    Func<CancellationToken, Task> AnnounceLeadershipAsync,
    Func<string, CancellationToken, Task> ForceLeaveAsync);
