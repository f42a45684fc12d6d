namespace K8sConsul.Raft;

/// <summary>What peers say to each other. Messages may be lost, doubled, late and out of order.</summary>
/// <param name="From">Sender. The transport must not let a peer claim another's id.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">The sender's term, except in pre-vote messages (see there).</param>
public abstract record RaftMessage(ServerId From, ServerId To, Term Term);

/// <summary>Log replication (Raft paper §5.3). Empty ones ask where the logs meet.</summary>
/// <param name="From">The leader.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">Of the leader.</param>
/// <param name="Previous">The entry just before <paramref name="Entries"/>.</param>
/// <param name="Commit">The leader's commit index.</param>
/// <param name="Entries">Contiguous from Previous.Index + 1.</param>
public sealed record AppendEntries(
    ServerId From, ServerId To, Term Term, EntryId Previous, LogIndex Commit, ReadOnlyMemory<RaftEntry> Entries)
    : RaftMessage(From, To, Term);

/// <summary>The answer to <see cref="AppendEntries"/>.</summary>
/// <param name="From">The follower.</param>
/// <param name="To">The leader.</param>
/// <param name="Term">Of the follower.</param>
/// <param name="IsSuccess">The follower's log matches the leader's up to <paramref name="Index"/>, durably.</param>
/// <param name="Index">On success what matches; on a conflict the refused Previous.Index.</param>
/// <param name="Hint">
/// On a conflict: an entry of the follower at or below the refused one that is worth trying; it skips the follower's entries of later terms
/// at once (the fast back-off of Raft paper §5.3, last paragraph).
/// </param>
public sealed record AppendEntriesReply(ServerId From, ServerId To, Term Term, bool IsSuccess, LogIndex Index, EntryId Hint)
    : RaftMessage(From, To, Term);

/// <summary>
/// A replicating follower learns of a commit at once and does not answer: it would say nothing new, and when the notice is lost the next append or
/// heartbeat brings the same. (An empty AppendEntries, as others send it, costs an answer per commit and follower.)
/// </summary>
/// <param name="From">The leader.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">Of the leader.</param>
/// <param name="Commit">The last committed entry; means something only to a log that has it.</param>
public sealed record CommitNotice(ServerId From, ServerId To, Term Term, EntryId Commit) : RaftMessage(From, To, Term);

/// <summary>Keeps leadership and confirms reads. Carries no entries, so that a follower's disk does not delay it.</summary>
/// <param name="From">The leader.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">Of the leader.</param>
/// <param name="Commit">Never above what the follower has acknowledged.</param>
/// <param name="Round">The newest read round; see <see cref="RaftNode.RequestReadIndex"/>.</param>
/// <param name="SentTick">The leader's clock at sending, returned unchanged; the lease counts from it.</param>
public sealed record Heartbeat(ServerId From, ServerId To, Term Term, LogIndex Commit, ulong Round, long SentTick)
    : RaftMessage(From, To, Term);

public sealed record HeartbeatReply(ServerId From, ServerId To, Term Term, ulong Round, long SentTick)
    : RaftMessage(From, To, Term);

/// <summary>Election (Raft paper §5.2) and pre-vote (thesis §9.6).</summary>
/// <param name="From">The candidate.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">The term of the election; with <paramref name="IsPreVote"/> the one it would have.</param>
/// <param name="LastEntry">The end of the candidate's log.</param>
/// <param name="IsPreVote">A question without consequences.</param>
/// <param name="IsTransfer">The old leader asked for it: peers answer although they know a leader (thesis §4.2.3).</param>
public sealed record RequestVote(ServerId From, ServerId To, Term Term, EntryId LastEntry, bool IsPreVote, bool IsTransfer)
    : RaftMessage(From, To, Term);

/// <summary>The answer to <see cref="RequestVote"/>.</summary>
/// <param name="From">The voter.</param>
/// <param name="To">The candidate.</param>
/// <param name="Term">Of the voter; a granted pre-vote repeats the term asked for.</param>
/// <param name="IsPreVote">As asked.</param>
/// <param name="IsGranted">The vote.</param>
public sealed record VoteReply(ServerId From, ServerId To, Term Term, bool IsPreVote, bool IsGranted)
    : RaftMessage(From, To, Term);

/// <summary>A piece of a snapshot (Raft paper §7). One is on the way per follower at a time.</summary>
/// <param name="From">The leader.</param>
/// <param name="To">Receiver.</param>
/// <param name="Term">Of the leader.</param>
/// <param name="Snapshot">Which.</param>
/// <param name="Offset">Of <paramref name="Data"/> in it. The last piece ends at its size.</param>
/// <param name="Data">Empty only when the snapshot is.</param>
public sealed record InstallSnapshot(
    ServerId From, ServerId To, Term Term, SnapshotMeta Snapshot, long Offset, ReadOnlyMemory<byte> Data)
    : RaftMessage(From, To, Term)
{
    public bool IsLast => Offset + Data.Length == Snapshot.SizeBytes;
}

/// <summary>The answer to <see cref="InstallSnapshot"/>.</summary>
/// <param name="From">The follower.</param>
/// <param name="To">The leader.</param>
/// <param name="Term">Of the follower.</param>
/// <param name="Snapshot">Last entry of the snapshot in question.</param>
/// <param name="NextOffset">Where to go on; below the offset sent when something was lost.</param>
/// <param name="IsInstalled">Done: the follower's log matches up to <paramref name="Snapshot"/>.</param>
public sealed record InstallSnapshotReply(
    ServerId From, ServerId To, Term Term, EntryId Snapshot, long NextOffset, bool IsInstalled)
    : RaftMessage(From, To, Term);

/// <summary>Start an election now (thesis §3.10).</summary>
public sealed record TimeoutNow(ServerId From, ServerId To, Term Term) : RaftMessage(From, To, Term);

/// <summary>A follower asks for a read index on behalf of all reads that wait there.</summary>
/// <param name="From">The follower.</param>
/// <param name="To">The leader.</param>
/// <param name="Term">Of the follower.</param>
/// <param name="Batch">Named by the follower.</param>
/// <param name="Mode">Whether the leader's lease is enough for all of them.</param>
public sealed record ReadIndexRequest(ServerId From, ServerId To, Term Term, ulong Batch, ReadMode Mode) : RaftMessage(From, To, Term);

/// <summary>The answer to <see cref="ReadIndexRequest"/>.</summary>
/// <param name="From">The leader, or who was taken for it.</param>
/// <param name="To">The follower.</param>
/// <param name="Term">Of the sender.</param>
/// <param name="Batch">As asked.</param>
/// <param name="Index">To wait for before reading.</param>
/// <param name="IsRefused">The sender does not lead (any more).</param>
public sealed record ReadIndexReply(ServerId From, ServerId To, Term Term, ulong Batch, LogIndex Index, bool IsRefused)
    : RaftMessage(From, To, Term);
