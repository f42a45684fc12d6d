namespace K8sConsul.Raft;

public enum ConfigurationChangeKind
{
    /// <summary>
    /// Add as voter, or give an existing member the vote and this address. A server with an empty log grants no vote, so that a cluster which
    /// needs its vote before it has received anything stands still: add it as non-voter first, and promote it when it has.
    /// </summary>
    AddVoter,

    /// <summary>Add as non-voter, or give an existing member this address; a voter stays a voter.</summary>
    AddNonvoter,

    /// <summary>Give an existing non-voter the vote.</summary>
    Promote,

    /// <summary>Take the vote of an existing voter.</summary>
    Demote,

    Remove,
}

/// <summary>One change of one server: quorums of the old and the new configuration overlap (thesis §4.1).</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Server">To whom.</param>
/// <param name="Address">Only with the two kinds that add.</param>
/// <param name="ExpectedIndex">When given, refuse unless the latest configuration is the one of this index (compare and set).</param>
public sealed record ConfigurationChange(
    ConfigurationChangeKind Kind, ServerId Server, string? Address = null, LogIndex? ExpectedIndex = null);
