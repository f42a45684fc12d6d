namespace K8sConsul.Raft;

/// <summary>
/// Decisions that Raft's safety rests on, one method each. The simulator replaces single ones by wrong ones, and must notice: that is the
/// proof that it can fail.
/// </summary>
internal class RaftRules
{
    public static RaftRules Sound { get; } = new();

    /// <inheritdoc cref="VoteRule.Grants"/>
    public virtual bool GrantsVote(HardState own, EntryId lastEntry, bool isLeaderFresh, RequestVote request) =>
        VoteRule.Grants(own, lastEntry, isLeaderFresh, request);

    /// <inheritdoc cref="Quorum.Reached"/>
    public virtual ulong ReachedByQuorum(Span<ulong> values) => Quorum.Reached(values);

    /// <inheritdoc cref="Quorum.Decide"/>
    public virtual bool? DecideElection(int voters, int granted, int refused) => Quorum.Decide(voters, granted, refused);

    /// <summary>Only an entry of the own term commits by counting; older ones commit with it (Raft paper §5.4.2).</summary>
    public virtual bool CommitsByCounting(Term entry, Term current) => entry == current;

    /// <summary>Entries follow only what the leader has before them (Raft paper §5.3).</summary>
    public virtual bool AcceptsAppend(bool hasPrevious) => hasPrevious;

    /// <summary>Before the first commit of a reign the commit index may lag behind what predecessors acknowledged (thesis §6.4).</summary>
    public virtual bool AnswersReads(bool hasCommittedInTerm) => hasCommittedInTerm;

    /// <summary>How long a lease lasts from the sending of the heartbeat that a quorum answered; two ticks are lost to the rounding of both clocks.</summary>
    public virtual long LeaseTicks(RaftOptions options) => (options.LeaderLeaseTicks * (100 - options.ClockDriftPercent) / 100) - 2;

    /// <summary>
    /// For how long after its leader's word a follower gives no vote: not to disturb a leader that serves (thesis §4.2.3), or, where its connection has
    /// ended, only for as long as a lease of it may run.
    /// </summary>
    public virtual int SilenceTicks(RaftOptions options, bool isConnectionLost) =>
        isConnectionLost ? options.LeaderLeaseTicks : options.HeartbeatTimeoutTicks;

    /// <summary>
    /// One change at a time; and none before an entry of the own term is committed, which closes the hole that the thesis' author published in 2015:
    /// two leaders' changes could be two steps apart and their quorums disjoint.
    /// </summary>
    public virtual bool MayChangeMembers(bool isLatestCommitted, bool hasCommittedInTerm) => isLatestCommitted && hasCommittedInTerm;
}
