using K8sConsul.Raft;

namespace K8sConsul.Simulation.Bugs;

/// <summary>Raft's rules with one of them wrong.</summary>
internal sealed class BrokenRules(Bug bug) : RaftRules
{
    public static RaftRules With(Bug bug) => bug == Bug.None ? Sound : new BrokenRules(bug);

    public override bool GrantsVote(HardState own, EntryId lastEntry, bool isLeaderFresh, RequestVote request) => bug switch
    {
        Bug.VoteForShorterLogs when lastEntry != default => base.GrantsVote(own, RaftBootstrap.Last, isLeaderFresh, request),
        Bug.VoteTwice when !request.IsPreVote => base.GrantsVote(own with { Vote = ServerId.None }, lastEntry, isLeaderFresh, request),
        _ => base.GrantsVote(own, lastEntry, isLeaderFresh, request),
    };

    public override ulong ReachedByQuorum(Span<ulong> values)
    {
        if (bug != Bug.CommitWithoutMajority || values.Length < 2)
        {
            return base.ReachedByQuorum(values);
        }

        values.Sort();
        return values[(values.Length + 1) / 2];
    }

    public override bool? DecideElection(int voters, int granted, int refused) =>
        bug == Bug.ElectWithoutMajority && granted >= Math.Max(1, voters / 2) ? true : base.DecideElection(voters, granted, refused);

    public override bool CommitsByCounting(Term entry, Term current) => bug == Bug.CountOldTermEntries || base.CommitsByCounting(entry, current);

    public override bool AcceptsAppend(bool hasPrevious) => bug == Bug.AppendWithoutMatching || base.AcceptsAppend(hasPrevious);

    public override bool AnswersReads(bool hasCommittedInTerm) => bug == Bug.ReadBeforeOwnTermCommits || base.AnswersReads(hasCommittedInTerm);

    public override long LeaseTicks(RaftOptions options) => bug == Bug.LeaseTooLong ? 4 * options.HeartbeatTimeoutTicks : base.LeaseTicks(options);

    public override int SilenceTicks(RaftOptions options, bool isConnectionLost) =>
        bug == Bug.VoteDespiteLease && isConnectionLost ? 0 : base.SilenceTicks(options, isConnectionLost);

    public override bool MayChangeMembers(bool isLatestCommitted, bool hasCommittedInTerm) =>
        bug == Bug.ChangeMembersTwiceAtOnce || base.MayChangeMembers(isLatestCommitted, hasCommittedInTerm);
}
