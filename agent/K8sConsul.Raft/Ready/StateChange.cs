namespace K8sConsul.Raft;

/// <summary>Role, term or known leader changed, and why. One line of the log and of what an operator can query.</summary>
public sealed record StateChange(RaftRole From, RaftRole To, Term Term, ServerId Leader, string Reason);

/// <summary>The end of a leadership transfer, seen from the leader that began it.</summary>
/// <param name="Target">To whom.</param>
/// <param name="Failure">Null: this peer no longer leads and a newer term exists. Otherwise why it was given up.</param>
public sealed record TransferOutcome(ServerId Target, string? Failure);
