namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>Between the turns of two followers that lost their leader's connection: an election among live peers takes less.</summary>
    private const int TurnTicks = 2;

    /// <summary>Answers in the running (pre-)election; our own is among them once it is durable.</summary>
    private readonly Dictionary<ServerId, bool> _votes = [];
    private readonly long _votesHeldUntil;

    private long _timerStart;
    private long _timeoutTicks;

    /// <summary>The leader's connection has ended, and no word of it has come since.</summary>
    private bool _isLeaderDoubted;

    /// <summary>When the running (pre-)election last asked for votes, and whether for a transfer of leadership.</summary>
    private (long Tick, bool IsTransfer) _asked;

    /// <summary>Uniform in [base, 2 base), so that candidates seldom collide (Raft paper §5.2).</summary>
    private void ResetElectionTimer(int baseTicks)
    {
        _timerStart = _now;
        _timeoutTicks = baseTicks + _random.Next(baseTicks);
        _isLeaderDoubted = false;
    }

    /// <summary>
    /// A hint, which may be wrong: the connection on which <paramref name="peer"/> spoke has ended, as it does when a process dies. Of a leader, its
    /// followers then wait only for the end of any lease that it may hold, each a little longer than the one before it in the configuration:
    /// without chance, so that they do not collide. The next word of the leader makes it undone.
    /// </summary>
    public void ConnectionLost(ServerId peer)
    {
        if (_role != RaftRole.Follower || peer != _leader || _contactTick < 0)
        {
            return;
        }

        int before = 0;
        foreach (RaftServer server in _configurations.Latest.Servers)
        {
            if (server.Id == _self)
            {
                break;
            }

            before += server.IsVoter && server.Id != peer ? 1 : 0;
        }

        _isLeaderDoubted = true;
        _timeoutTicks = Math.Min(_timeoutTicks, _contactTick - _timerStart + _rules.SilenceTicks(_options, isConnectionLost: true) + (TurnTicks * (before + 1)));
        Trace(TraceLevel.Debug, $"the connection of leader {peer} ended: waiting for its word for {_timeoutTicks} ticks since the last");
    }

    private void Campaign(bool isPreVote, bool isTransfer, string reason)
    {
        bool isLeaderLost = !_leader.IsNone;
        if (isPreVote)
        {
            ChangeState(RaftRole.PreCandidate, _hard, ServerId.None, reason);
        }
        else
        {
            ChangeState(RaftRole.Candidate, _hard with { Term = _hard.Term.Next, Vote = _self }, ServerId.None, reason);
        }

        if (isLeaderLost)
        {
            FailReads(Refusal.NoLeader);
        }

        _votes.Clear();
        ResetElectionTimer(_options.ElectionTimeoutTicks);

        // Behind the save: a request for a vote claims a log and a term that a crash must not take back, or a grant could reach us after a
        // restart with a shorter log in the same term.
        AskForVotes(isTransfer, isPreVote ? Send : SendAfterSave);
        if (isPreVote)
        {
            CountVote(_self, isGranted: true);
        }
    }

    /// <summary>Those who have not answered yet.</summary>
    private void AskForVotes(bool isTransfer, Action<RaftMessage> send)
    {
        bool isPreVote = _role == RaftRole.PreCandidate;
        _asked = (_now, isTransfer);
        foreach (RaftServer server in _configurations.Latest.Servers)
        {
            if (server.IsVoter && server.Id != _self && !_votes.ContainsKey(server.Id))
            {
                send(new RequestVote(_self, server.Id, isPreVote ? _hard.Term.Next : _hard.Term, _log.Last, isPreVote, isTransfer));
            }
        }
    }

    /// <summary>
    /// A question that was lost, as the first on a broken connection is, would cost a whole election time-out and more. A candidate repeats it after half
    /// of one, if by then its own vote is durable, and with that all that the question claims.
    /// </summary>
    private void RepeatVoteRequests()
    {
        if (_role != RaftRole.Follower && _now - _asked.Tick >= _options.ElectionTimeoutTicks / 2 && _votes.ContainsKey(_self))
        {
            AskForVotes(_asked.IsTransfer, Send);
        }
    }

    /// <summary>Our own vote counts like any other: when it is durable.</summary>
    private void OnHardStateSaved(HardState saved)
    {
        if (_role == RaftRole.Candidate && saved.Term == _hard.Term && saved.Vote == _self)
        {
            CountVote(_self, isGranted: true);
        }
    }

    private void OnRequestVote(RequestVote request)
    {
        if (request.Term < _hard.Term)
        {
            AnswerVote(request, isGranted: false, "its term is older");
            return;
        }

        bool isLeaderFresh = IsLeaderFresh(request.From);
        if (!request.IsPreVote && request.Term > _hard.Term && (!isLeaderFresh || request.IsTransfer))
        {
            BecomeFollower(request.Term, ServerId.None, $"{request.From} asks for a vote in newer term {request.Term}", isOnlyAsked: true);
        }

        bool isGranted = _rules.GrantsVote(_hard, _log.Last, isLeaderFresh, request);
        if (isGranted && !request.IsPreVote)
        {
            ChangeState(_role, _hard with { Vote = request.From }, _leader, $"voted for {request.From}");
            ResetElectionTimer(_options.HeartbeatTimeoutTicks);
        }

        string why = isGranted ? "its log is up to date"
            : isLeaderFresh && !request.IsTransfer ? "a leader is known and fresh"
            : !request.LastEntry.IsAtLeastAsUpToDateAs(_log.Last) ? $"its log ends with {request.LastEntry}, ours with {_log.Last}"
            : $"the vote of the term went to {_hard.Vote}";
        AnswerVote(request, isGranted, why);
    }

    private void AnswerVote(RequestVote request, bool isGranted, string why)
    {
        Trace(TraceLevel.Debug, $"{(request.IsPreVote ? "pre-vote" : "vote")} for {request.From} at term {request.Term} {(isGranted ? "granted" : "refused")}: {why}");
        Term term = request.IsPreVote && isGranted ? request.Term : _hard.Term;
        VoteReply reply = new(_self, request.From, term, request.IsPreVote, isGranted);
        if (isGranted && !request.IsPreVote)
        {
            SendAfterSave(reply);
        }
        else
        {
            Send(reply);
        }
    }

    /// <summary>
    /// A leader of a quorum serves or served just now: a peer that cannot hear it must not depose it (thesis §4.2.3). A candidate that we know as
    /// the leader may have restarted; it does not disturb itself. Where its connection has ended too, only the lease counts that it may hold.
    /// </summary>
    private bool IsLeaderFresh(ServerId candidate) =>
        _now < _votesHeldUntil
        || _role == RaftRole.Leader
        || (!_leader.IsNone && _leader != candidate
            && _now - _contactTick < _rules.SilenceTicks(_options, _isLeaderDoubted));

    private void OnVoteReply(VoteReply reply)
    {
        RaftRole asked = reply.IsPreVote ? RaftRole.PreCandidate : RaftRole.Candidate;
        bool isOfThisElection = !reply.IsPreVote || !reply.IsGranted || reply.Term == _hard.Term.Next;
        if (_role == asked && isOfThisElection && _configurations.Latest.IsVoter(reply.From))
        {
            CountVote(reply.From, reply.IsGranted);
        }
    }

    private void CountVote(ServerId voter, bool isGranted)
    {
        if (!_votes.TryAdd(voter, isGranted))
        {
            return;
        }

        int granted = 0;
        int refused = 0;
        foreach (RaftServer server in _configurations.Latest.Servers)
        {
            if (server.IsVoter && _votes.TryGetValue(server.Id, out bool vote))
            {
                granted += vote ? 1 : 0;
                refused += vote ? 0 : 1;
            }
        }

        int voters = _configurations.Latest.VoterCount;
        bool? isWon = _rules.DecideElection(voters, granted, refused);
        if (isWon == false)
        {
            BecomeFollower(_hard.Term, ServerId.None, $"{_role} refused by {refused} of {voters} voters");
        }
        else if (isWon == true && _role == RaftRole.PreCandidate)
        {
            Campaign(isPreVote: false, isTransfer: false, $"pre-vote granted by {granted} of {voters} voters");
        }
        else if (isWon == true)
        {
            BecomeLeader($"elected by {granted} of {voters} voters");
        }
    }

    private void OnTimeoutNow(ServerId leader)
    {
        if (_role == RaftRole.Leader || !MayCampaign)
        {
            Trace(TraceLevel.Warning, $"ignored TimeoutNow from {leader}: {(_role == RaftRole.Leader ? "already leading" : "not a voter")}");
            return;
        }

        // No pre-vote: its answer is known, and it would cost a round trip without a leader.
        Campaign(isPreVote: false, isTransfer: true, $"{leader} hands over leadership");
    }
}
