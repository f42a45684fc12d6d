namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    private readonly List<StateChange> _stateChanges = [];

    /// <summary>When a leader of this term was last heard; negative: never.</summary>
    private long _contactTick = -1;

    /// <summary>Told of once and not with each of its heartbeats.</summary>
    private (ServerId Leader, Term Term) _foreignLeader;

    /// <summary>The one place where role, term, vote and leader change.</summary>
    private void ChangeState(RaftRole role, HardState hard, ServerId leader, string reason)
    {
        Invariant.Require(hard.Term >= _hard.Term, $"term would fall from {_hard.Term} to {hard.Term}");
        Invariant.Require(
            hard.Term > _hard.Term || _hard.Vote.IsNone || hard.Vote == _hard.Vote,
            $"second vote in term {hard.Term}: {_hard.Vote}, then {hard.Vote}");
        Invariant.Require(
            hard.Term > _hard.Term || _leader.IsNone || leader.IsNone || leader == _leader,
            $"two leaders in term {hard.Term}: {_leader} and {leader}");
        RaftRole from = _role;
        bool isNews = role != from || hard.Term != _hard.Term || leader != _leader;
        _role = role;
        _hard = hard;
        _leader = leader;
        if (isNews)
        {
            _reason = reason;
            _stateChanges.Add(new StateChange(from, role, hard.Term, leader, reason));
            Trace(TraceLevel.Information, $"{from} -> {role} at term {hard.Term}, leader {leader}: {reason}");
        }
    }

    /// <summary>Follows a leader, or waits for one.</summary>
    /// <param name="term">Not below the own.</param>
    /// <param name="leader">None when it is not known.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="isOnlyAsked">
    /// A candidate's word is no leader's and no vote for it: the timer goes on, or a candidate that cannot win (its log is short, its
    /// clock fast) would keep those who can from trying (Raft paper §5.2).
    /// </param>
    private void BecomeFollower(Term term, ServerId leader, string reason, bool isOnlyAsked = false)
    {
        HardState hard = term > _hard.Term ? _hard with { Term = term, Vote = ServerId.None } : _hard;
        bool wasLeader = _role == RaftRole.Leader;
        bool isLeaderLost = wasLeader || (!_leader.IsNone && leader != _leader);
        ChangeState(RaftRole.Follower, hard, leader, reason);
        _votes.Clear();
        if (isLeaderLost)
        {
            FailReads(wasLeader ? Refusal.NotLeader : Refusal.NoLeader);
        }

        if (wasLeader)
        {
            EndReign();
        }

        if (!leader.IsNone)
        {
            _contactTick = _now;
        }

        if (!isOnlyAsked || wasLeader)
        {
            ResetElectionTimer(_options.HeartbeatTimeoutTicks);
        }
    }

    /// <summary>
    /// Within a cluster a term has one leader. A second one, whom our configuration knows as no voter, was elected by other voters:
    /// an operator has let two clusters meet. Theirs must not stop ours.
    /// </summary>
    private bool IsFromLeaderOfAnotherCluster(RaftMessage message)
    {
        if (message is not (AppendEntries or CommitNotice or Heartbeat or InstallSnapshot)
            || message.Term != _hard.Term
            || (_role == RaftRole.Leader ? _self : _leader) is not { IsNone: false } leader
            || leader == message.From
            || _configurations.Latest.Find(message.From) is { IsVoter: true })
        {
            return false;
        }

        if (_foreignLeader != (message.From, message.Term))
        {
            _foreignLeader = (message.From, message.Term);
            Trace(TraceLevel.Warning, $"{message.From} leads term {message.Term} of another cluster: ignored, ours is led by {leader}");
        }

        return true;
    }

    /// <summary>Word from the leader of our term: the only leader there can be.</summary>
    private void FollowLeader(ServerId leader)
    {
        Invariant.Require(_role != RaftRole.Leader, $"{leader} leads term {_hard.Term}, and so do we");
        if (_role != RaftRole.Follower || _leader != leader)
        {
            BecomeFollower(_hard.Term, leader, $"{leader} leads the term");
        }

        _contactTick = _now;
        _timerStart = _now;
        if (_isLeaderDoubted)
        {
            ResetElectionTimer(_options.HeartbeatTimeoutTicks);
        }
    }

    private void BecomeLeader(string reason)
    {
        Invariant.Require(_role == RaftRole.Candidate, $"{_role} cannot become leader");
        FailReads(Refusal.NoLeader);
        ChangeState(RaftRole.Leader, _hard, _self, reason);
        _votes.Clear();
        BeginReign();
    }

    private void TickFollower()
    {
        TickFollowerReads();
        if (_now - _timerStart < _timeoutTicks)
        {
            RepeatVoteRequests();
            return;
        }

        string silence = _role == RaftRole.Follower
            ? $"no word from a leader for {_timeoutTicks} ticks"
            : $"no result for {_timeoutTicks} ticks";
        if (MayCampaign)
        {
            Campaign(isPreVote: _options.PreVote, isTransfer: false, silence);
        }
        else if (!_leader.IsNone || _role != RaftRole.Follower)
        {
            BecomeFollower(_hard.Term, ServerId.None, $"{silence}; not a voter, so waiting");
        }
        else
        {
            ResetElectionTimer(_options.HeartbeatTimeoutTicks);
        }
    }
}
