using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Where a server stands in the consensus, by its own word.</summary>
/// <param name="LastContact">Since it heard the leader: zero on the leader itself, null when never.</param>
/// <param name="LastEntry">The end of its log.</param>
public sealed record ServerStats(TimeSpan? LastContact, EntryId LastEntry);
