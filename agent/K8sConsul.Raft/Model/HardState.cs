namespace K8sConsul.Raft;

/// <summary>
/// What a peer must remember over a restart. <paramref name="Commit"/> is a hint that lets a restarted peer apply
/// sooner: it is saved only together with something else and may lag.
/// </summary>
/// <param name="Term">Latest term seen.</param>
/// <param name="Vote">Whom this peer voted for in <paramref name="Term"/>, or none. Saved before the vote is sent.</param>
/// <param name="Commit">Known to be committed; never above the last saved entry.</param>
public readonly record struct HardState(Term Term, ServerId Vote, LogIndex Commit);
