using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

/// <summary>The Raft paper (Ongaro, Ousterhout 2014) and Ongaro's thesis on elections, claim by claim.</summary>
public sealed class RaftElectionPaperTests
{
    private static readonly RaftOptions s_noPreVote = Options with { PreVote = false };

    /// <summary>§5.1: a server with a stale term is refused and learns the current one.</summary>
    [Fact]
    public void A_message_of_an_older_term_is_refused_with_the_current_term()
    {
        Lone node = new(hardState: new HardState(new Term(5), default, default));
        node.Step(node.Append(term: 4, Id(1, 1), commit: 0));
        AppendEntriesReply reply = Assert.Single(node.Take<AppendEntriesReply>());
        Assert.Equal((5UL, false), (reply.Term.Value, reply.IsSuccess));
    }

    /// <summary>§5.1: whoever sees a higher term adopts it and follows, whatever it was.</summary>
    [Fact]
    public void A_higher_term_makes_leader_and_candidate_follow()
    {
        Lone leader = new Lone().Lead();
        leader.Step(new AppendEntriesReply(A, Self, new Term(9), IsSuccess: false, default, default));
        Assert.Equal((RaftRole.Follower, 9UL), (leader.Node.Role, leader.Node.Term.Value));

        Lone candidate = new();
        candidate.Campaign();
        candidate.Step(candidate.Append(term: 9, Id(1, 1), commit: 0));
        Assert.Equal((RaftRole.Follower, 9UL, A), (candidate.Node.Role, candidate.Node.Term.Value, candidate.Node.Leader));
    }

    /// <summary>§5.2: all start as followers, and a follower without word from a leader starts an election: term + 1, a vote for itself, requests to all others.</summary>
    [Fact]
    public void A_follower_that_hears_nothing_becomes_candidate()
    {
        Lone node = new(options: s_noPreVote);
        Assert.Equal(RaftRole.Follower, node.Node.Role);
        List<RequestVote> asked = node.TimeOut();
        Assert.Equal([A, B], asked.Select(request => request.To));
        Assert.All(asked, request => Assert.Equal((2UL, Id(1, 1), false), (request.Term.Value, request.LastEntry, request.IsPreVote)));
        Assert.Equal(Self, node.Peer.Disk.HardState.Vote);
    }

    /// <summary>§5.2: word from a leader keeps it quiet.</summary>
    [Fact]
    public void Heartbeats_keep_a_follower_quiet()
    {
        Lone node = new();
        for (int i = 0; i < 100; i++)
        {
            node.Tick();
            node.Step(new Heartbeat(A, Self, new Term(2), default, 0, i));
        }

        Assert.Equal((RaftRole.Follower, A), (node.Node.Role, node.Node.Leader));
        Assert.Empty(node.Take<RequestVote>());
    }

    /// <summary>§5.2: a majority of the full cluster elects; less does not, and a majority against ends it.</summary>
    [Theory]
    [InlineData(1, 0, 0, RaftRole.Leader)]
    [InlineData(3, 1, 0, RaftRole.Leader)]
    [InlineData(3, 0, 1, RaftRole.Candidate)]
    [InlineData(3, 0, 2, RaftRole.Follower)]
    [InlineData(5, 1, 2, RaftRole.Candidate)]
    [InlineData(5, 2, 2, RaftRole.Leader)]
    [InlineData(5, 1, 3, RaftRole.Follower)]
    [InlineData(4, 1, 1, RaftRole.Candidate)]
    [InlineData(4, 2, 0, RaftRole.Leader)]
    public void Votes_decide_by_majority(int voters, int granted, int refused, RaftRole expected)
    {
        Lone node = new(voters, s_noPreVote);
        if (voters == 1)
        {
            node.Tick(30);
        }
        else
        {
            foreach (RequestVote request in node.Campaign().Take(granted + refused))
            {
                node.Step(new VoteReply(request.To, Self, request.Term, IsPreVote: false, IsGranted: granted-- > 0));
            }
        }

        Assert.Equal(expected, node.Node.Role);
    }

    /// <summary>§5.2: one vote per term, first come first served; the same candidate may ask again.</summary>
    [Fact]
    public void A_server_votes_for_one_candidate_per_term()
    {
        Lone node = new();
        node.Step(node.Vote(A, term: 2, Id(1, 1)));
        node.Step(node.Vote(B, term: 2, Id(1, 1)));
        node.Step(node.Vote(A, term: 2, Id(1, 1)));
        node.Step(node.Vote(B, term: 3, Id(1, 1)));
        Assert.Equal([(A, true), (B, false), (A, true), (B, true)], node.Take<VoteReply>().Select(reply => (reply.To, reply.IsGranted)));
    }

    /// <summary>§5.2: a vote is on stable storage before it is sent, also over a restart.</summary>
    [Fact]
    public void A_vote_leaves_only_after_it_is_durable()
    {
        Lone node = new();
        node.Node.Step(node.Vote(A, term: 2, Id(1, 1)));
        node.Peer.TakeReadys();
        Assert.Empty(node.Peer.Outbox.OfType<VoteReply>());
        node.Peer.FinishSave();
        Assert.True(Assert.Single(node.Peer.Outbox.OfType<VoteReply>()).IsGranted);
        Assert.Equal(new HardState(new Term(2), A, default), node.Peer.Disk.HardState);

        node.Peer.Crash(new RaftRandom(1));
        node.Peer.Start(seed: 2);
        node.Step(node.Vote(B, term: 2, Id(1, 1)));
        Assert.False(Assert.Single(node.Take<VoteReply>()).IsGranted);
    }

    /// <summary>Thesis §10.2.1 with §3.8: a candidate asks and counts itself only once its own vote is durable.</summary>
    [Fact]
    public void A_candidates_own_vote_counts_when_it_is_durable()
    {
        Lone node = new(voters: 1, options: s_noPreVote);
        while (node.Node.Role != RaftRole.Candidate)
        {
            node.Node.Tick();
        }

        node.Peer.TakeReadys();
        Assert.Equal(RaftRole.Candidate, node.Node.Role);
        node.Peer.FinishSave();
        Assert.Equal(RaftRole.Leader, node.Node.Role);

        Lone three = new(options: s_noPreVote);
        while (three.Node.Role != RaftRole.Candidate)
        {
            three.Node.Tick();
        }

        three.Peer.TakeReadys();
        Assert.Empty(three.Peer.Outbox);
        three.Peer.FinishSave();
        Assert.Equal(2, three.Peer.Outbox.OfType<RequestVote>().Count());
    }

    /// <summary>§5.2: a candidate that hears a leader of its term, or a later one, follows it.</summary>
    [Fact]
    public void A_candidate_follows_the_leader_of_its_term()
    {
        Lone node = new(options: s_noPreVote);
        node.Campaign();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0));
        Assert.Equal((RaftRole.Follower, A), (node.Node.Role, node.Node.Leader));
    }

    /// <summary>§5.2: without a result a candidate starts anew, in the next term.</summary>
    [Fact]
    public void A_candidate_without_a_result_starts_anew()
    {
        Lone node = new(options: s_noPreVote);
        List<RequestVote> asked = node.Campaign();
        List<RequestVote> again;
        do
        {
            again = node.TimeOut();
        }
        while (again[0].Term == asked[0].Term);
        Assert.Equal(3UL, again[0].Term.Value);
    }

    /// <summary>§5.5: messages are lost, and asking twice does no harm. Only who has not answered is asked again, and in the same term.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_question_without_an_answer_is_asked_again(bool isPreVote)
    {
        Lone node = new(voters: 5, options: isPreVote ? null : s_noPreVote);
        List<RequestVote> asked = node.TimeOut();
        node.Step(new VoteReply(asked[0].To, Lone.Self, asked[0].Term, isPreVote, IsGranted: true));
        List<RequestVote> again = node.TimeOut();
        Assert.Equal(asked[1..], again);
    }

    /// <summary>A voter whose leader's connection has ended waits only for the end of any lease; any other gives no vote as long as its leader is fresh.</summary>
    [Theory]
    [InlineData(false, 8, false)]
    [InlineData(true, 7, false)]
    [InlineData(true, 8, true)]
    public void A_voter_keeps_its_silence_for_the_lease(bool isConnectionLost, int silence, bool expected)
    {
        Lone node = new(options: Lone.Options with { HeartbeatTimeoutTicks = 20, ElectionTimeoutTicks = 20 });
        node.Step(new Heartbeat(A, Self, new Term(1), default, 1, SentTick: 1));
        if (isConnectionLost)
        {
            node.Node.ConnectionLost(A);
        }

        node.Tick(silence);
        node.Take<VoteReply>();
        node.Step(node.Vote(B, term: 2, Id(1, 1)));
        Assert.Equal(expected, Assert.Single(node.Take<VoteReply>()).IsGranted);
    }

    /// <summary>
    /// A leader's process dies and its connections end. Goal: the first of its followers asks for votes when no lease of the leader can run any more, the
    /// second a little later; a leader that is there after all is followed on, and waited for as long as before.
    /// </summary>
    [Fact]
    public void Followers_of_a_leader_whose_connection_ended_wait_in_turn()
    {
        Assert.Equal(10, TicksToElection(Following(lostAfterBeat: 1, beats: 1, Lone.Self, Lone.B, Lone.A)));
        Assert.Equal(12, TicksToElection(Following(lostAfterBeat: 1, beats: 1, new ServerId("s0"), Lone.Self, Lone.A)));
        int undisturbed = TicksToElection(Following(lostAfterBeat: 0, beats: 1, Lone.Self, Lone.B, Lone.A));
        Assert.InRange(TicksToElection(Following(lostAfterBeat: 1, beats: 2, Lone.Self, Lone.B, Lone.A)), 20, 40);
        Assert.InRange(undisturbed, 20, 40);

        static Lone Following(int lostAfterBeat, int beats, params ServerId[] servers)
        {
            Lone node = new(
                new RaftConfiguration(servers.Select((id, i) => new RaftServer(id, $"10.0.0.{i}:8300"))),
                Lone.Options with { HeartbeatTimeoutTicks = 20, ElectionTimeoutTicks = 20 },
                hardState: default);
            for (int beat = 1; beat <= beats; beat++)
            {
                node.Step(new Heartbeat(Lone.A, Lone.Self, new Term(1), default, (ulong)beat, SentTick: beat));
                node.Node.ConnectionLost(Lone.B);
                if (beat == lostAfterBeat)
                {
                    node.Node.ConnectionLost(Lone.A);
                }
            }

            return node;
        }

        static int TicksToElection(Lone node)
        {
            int ticks = 0;
            while (node.Node.Role == RaftRole.Follower)
            {
                node.Node.Tick();
                ticks++;
            }

            return ticks;
        }
    }

    /// <summary>§5.2: time-outs are random in [T, 2T), so that split votes are rare.</summary>
    [Fact]
    public void Election_timeouts_are_spread_over_T_to_2T()
    {
        SortedDictionary<int, int> seen = [];
        for (ulong seed = 1; seed <= 400; seed++)
        {
            Lone node = new(options: s_noPreVote);
            node.Peer.Start(seed);
            int ticks = 0;
            while (node.Node.Role == RaftRole.Follower)
            {
                node.Node.Tick();
                ticks++;
            }

            seen[ticks] = seen.GetValueOrDefault(ticks) + 1;
        }

        Assert.Equal(Enumerable.Range(10, 10), seen.Keys);
        Assert.All(seen.Values, count => Assert.InRange(count, 15, 80));
    }

    /// <summary>§5.4.1: the voter refuses a log that is less up to date than its own: last term first, then length.</summary>
    [Theory]
    [InlineData(3, 3, 3, 3, true)]
    [InlineData(3, 3, 3, 4, true)]
    [InlineData(3, 3, 4, 2, true)]
    [InlineData(3, 3, 3, 2, false)]
    [InlineData(3, 3, 2, 9, false)]
    public void Votes_go_only_to_logs_that_are_up_to_date(ulong ownTerm, ulong ownIndex, ulong term, ulong index, bool isGranted)
    {
        foreach (bool isPreVote in new[] { false, true })
        {
            Lone node = new(hardState: new HardState(new Term(ownTerm), default, default), entries: [Entry(1, 2), Entry(ownTerm, ownIndex)]);
            node.Step(node.Vote(A, term: 9, Id(term, index), isPreVote));
            Assert.Equal(isGranted, Assert.Single(node.Take<VoteReply>()).IsGranted);
        }
    }

    /// <summary>Thesis §4.2.2: a vote does not depend on the voter's idea of the configuration, nor on its having a vote itself.</summary>
    [Fact]
    public void A_vote_does_not_depend_on_the_voters_configuration()
    {
        Lone node = new();
        ServerId stranger = new("s99");
        node.Step(new RequestVote(stranger, Self, new Term(2), Id(1, 1), IsPreVote: false, IsTransfer: false));
        Assert.True(Assert.Single(node.Take<VoteReply>()).IsGranted);

        Lone nonvoter = new(new RaftConfiguration([new RaftServer(Self, "a", Suffrage.Nonvoter), new RaftServer(A, "b")]), Options, default);
        nonvoter.Step(nonvoter.Vote(A, term: 2, Id(1, 1)));
        Assert.True(Assert.Single(nonvoter.Take<VoteReply>()).IsGranted);
    }

    /// <summary>Thesis §4.2.3: a server that heard a leader within the least election time-out neither votes nor takes over the term.</summary>
    [Fact]
    public void A_server_with_a_fresh_leader_refuses_and_keeps_its_term()
    {
        Lone node = new();
        node.Step(new Heartbeat(A, Self, new Term(2), default, 0, 0));
        node.Tick(9);
        node.Take<RaftMessage>();
        node.Step(node.Vote(B, term: 7, Id(6, 9)));
        Assert.Equal((false, 2UL), Assert.Single(node.Take<VoteReply>()) is var reply ? (reply.IsGranted, reply.Term.Value) : default);
        node.Tick();
        node.Step(node.Vote(B, term: 7, Id(6, 9)));
        Assert.True(node.Take<VoteReply>().Single().IsGranted);
    }

    /// <summary>Thesis §4.2.3: a leader that hears its quorum refuses too.</summary>
    [Fact]
    public void A_leader_refuses_votes()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Step(node.Vote(A, term: 9, Id(8, 9)));
        Assert.False(Assert.Single(node.Take<VoteReply>()).IsGranted);
        Assert.Equal(RaftRole.Leader, node.Node.Role);
    }

    /// <summary>A leader that restarted may be elected again at once by those who still take it for the leader (as hashicorp/raft).</summary>
    [Fact]
    public void The_known_leader_itself_is_not_refused()
    {
        Lone node = new();
        node.Step(new Heartbeat(A, Self, new Term(2), default, 0, 0));
        node.Take<RaftMessage>();
        node.Step(node.Vote(A, term: 3, Id(1, 1)));
        Assert.True(Assert.Single(node.Take<VoteReply>()).IsGranted);
    }

    /// <summary>Thesis §4.2.3: unless the leader itself asked for the election.</summary>
    [Fact]
    public void A_transfer_is_voted_for_although_the_leader_is_fresh()
    {
        Lone node = new();
        node.Step(new Heartbeat(A, Self, new Term(2), default, 0, 0));
        node.Take<RaftMessage>();
        node.Step(node.Vote(B, term: 3, Id(1, 1), isTransfer: true));
        Assert.True(Assert.Single(node.Take<VoteReply>()).IsGranted);
    }

    /// <summary>Thesis §9.6: a pre-vote changes neither term nor vote, on either side, and only a majority of grants starts the election.</summary>
    [Fact]
    public void A_pre_vote_has_no_consequences()
    {
        Lone node = new();
        List<RequestVote> asked = node.TimeOut();
        Assert.All(asked, request => Assert.Equal((2UL, true), (request.Term.Value, request.IsPreVote)));
        Assert.Equal((RaftRole.PreCandidate, 1UL), (node.Node.Role, node.Node.Term.Value));
        node.Step(new VoteReply(A, Self, new Term(1), IsPreVote: true, IsGranted: false));
        node.Step(new VoteReply(B, Self, new Term(1), IsPreVote: true, IsGranted: false));
        Assert.Equal((RaftRole.Follower, 1UL), (node.Node.Role, node.Node.Term.Value));

        Lone voter = new();
        voter.Step(voter.Vote(A, term: 5, Id(1, 1), isPreVote: true));
        voter.Step(voter.Vote(B, term: 5, Id(1, 1), isPreVote: true));
        Assert.All(voter.Take<VoteReply>(), reply => Assert.Equal((true, 5UL), (reply.IsGranted, reply.Term.Value)));
        Assert.Equal(new HardState(new Term(1), default, default), voter.Peer.Disk.HardState);
    }

    /// <summary>Thesis §9.6: granted by a majority, the election follows at once.</summary>
    [Fact]
    public void A_granted_pre_vote_leads_to_the_election()
    {
        Lone node = new(voters: 5);
        node.TimeOut();
        node.Step(new VoteReply(A, Self, new Term(2), IsPreVote: true, IsGranted: true));
        Assert.Equal(RaftRole.PreCandidate, node.Node.Role);
        node.Step(new VoteReply(B, Self, new Term(2), IsPreVote: true, IsGranted: true));
        Assert.Equal((RaftRole.Candidate, 2UL), (node.Node.Role, node.Node.Term.Value));
        Assert.All(node.Take<RequestVote>().Where(request => !request.IsPreVote), request => Assert.Equal(2UL, request.Term.Value));
    }

    /// <summary>A pre-vote refused by a peer of a later term tells that term, so that the next attempt can succeed.</summary>
    [Fact]
    public void A_pre_candidate_learns_a_later_term_from_a_refusal()
    {
        Lone node = new();
        node.TimeOut();
        node.Step(new VoteReply(A, Self, new Term(8), IsPreVote: true, IsGranted: false));
        Assert.Equal((RaftRole.Follower, 8UL), (node.Node.Role, node.Node.Term.Value));
        Assert.Equal(9UL, node.TimeOut()[0].Term.Value);
    }

    /// <summary>Thesis §6.2: a leader that does not hear a majority for the lease steps down.</summary>
    [Fact]
    public void A_leader_without_a_quorum_steps_down()
    {
        Lone node = new Lone(voters: 5).LeadAndCommit();
        for (int i = 0; i < 40; i++)
        {
            node.Tick();
            node.AnswerHeartbeats(A, B);
        }

        Assert.Equal(RaftRole.Leader, node.Node.Role);
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(RaftRole.Leader, node.Node.Role);
            node.Tick();
            node.AnswerHeartbeats(A);
        }

        // The last heartbeat of B came up to two ticks before.
        node.Tick(2);
        Assert.Equal(RaftRole.Follower, node.Node.Role);
        Assert.Contains("no quorum", node.Node.Stats().Reason, StringComparison.Ordinal);
    }

    /// <summary>Thesis §4.2.1: a non-voter never campaigns and its answers elect nobody.</summary>
    [Fact]
    public void Nonvoters_take_no_part_in_elections()
    {
        Lone node = new(new RaftConfiguration([new RaftServer(Self, "a", Suffrage.Nonvoter), new RaftServer(A, "b")]), Options, default);
        node.Tick(100);
        Assert.Equal(RaftRole.Follower, node.Node.Role);
        Assert.Empty(node.Taken);

        Lone voter = new(Cluster(voters: 2, nonvoters: 1), s_noPreVote, default);
        Assert.Equal([A], voter.Campaign().Select(request => request.To));
        voter.Step(new VoteReply(B, Self, new Term(2), IsPreVote: false, IsGranted: true));
        Assert.Equal(RaftRole.Candidate, voter.Node.Role);
    }

    /// <summary>A server without any configuration waits to be added.</summary>
    [Fact]
    public void A_server_without_configuration_waits()
    {
        RaftNode node = new(Options, Self, new RaftInitialState(default), new SimulatedDisk());
        for (int i = 0; i < 100; i++)
        {
            node.Tick();
        }

        Assert.Equal((RaftRole.Follower, 0UL), (node.Role, node.Term.Value));
        Assert.False(node.TryTakeReady(out _));
    }

    /// <summary>§5.2: election safety. Two leaders of one term cannot be; if they seem to be, this peer stops.</summary>
    [Fact]
    public void A_second_leader_of_the_term_stops_the_peer()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0));
        Assert.Throws<RaftInvariantException>(() => node.Node.Step(new Heartbeat(B, Self, new Term(2), default, 0, 0)));
        Lone leader = new Lone().Lead();
        Assert.Throws<RaftInvariantException>(() => leader.Node.Step(new Heartbeat(B, Self, leader.Node.Term, default, 0, 0)));
    }
}
