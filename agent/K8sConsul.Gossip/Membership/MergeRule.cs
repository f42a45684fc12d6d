namespace K8sConsul.Gossip;

/// <summary>
/// Says whether members may be taken into this pool: Serf's merge delegate. Asked with the whole remote list when a pool is
/// joined, and with one member for every alive message.
/// </summary>
/// <param name="members">Members as the other side describes them, those that left included.</param>
/// <returns>Null to accept, otherwise the reason of the refusal, which ends up in the joining side's error.</returns>
public delegate string? MergeRule(IReadOnlyList<Member> members);
