namespace K8sConsul.Raft;

/// <summary>The answer to <see cref="RaftNode.RequestReadIndex"/>.</summary>
/// <param name="Context">As given by the host.</param>
/// <param name="Index">The read is linearizable once the state machine has applied this index.</param>
/// <param name="Refusal">Not None: leadership was lost or moved on the way; ask again. <paramref name="Index"/> means nothing then.</param>
public readonly record struct ReadState(ulong Context, LogIndex Index, Refusal Refusal = Refusal.None);
