using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

/// <summary>Thesis §6.4: linearizable reads without the log.</summary>
public sealed class RaftReadPaperTests
{
    private static readonly RaftOptions s_lease = Options with { ReadMode = ReadMode.Lease, ClockDriftPercent = 10 };

    /// <summary>§6.4: a read waits for a round of heartbeats that began after it, answered by a quorum.</summary>
    [Fact]
    public void A_read_is_confirmed_by_a_quorum()
    {
        Lone node = new Lone(voters: 5).LeadAndCommit();
        Assert.Equal(Refusal.None, node.Node.RequestReadIndex(7));
        node.Settle();
        Assert.Equal(4, node.Taken.OfType<Heartbeat>().Count());
        node.AnswerHeartbeats(A);
        Assert.Empty(node.Peer.ReadStates);
        node.Node.RequestReadIndex(8);
        node.Settle();
        node.AnswerHeartbeats(A, B);
        Assert.Equal([7UL, 8], node.Peer.ReadStates.Select(read => read.Context));
        Assert.All(node.Peer.ReadStates, read => Assert.Equal((node.Node.CommitIndex, Refusal.None), (read.Index, read.Refusal)));
    }

    /// <summary>§6.4: an answer to an earlier heartbeat proves nothing for a later read.</summary>
    [Fact]
    public void An_old_heartbeat_confirms_nothing()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Tick(2);
        Heartbeat before = node.Take<Heartbeat>().First(heartbeat => heartbeat.To == A);
        node.Node.RequestReadIndex(1);
        node.Settle();
        node.Step(new HeartbeatReply(A, Self, before.Term, before.Round, before.SentTick));
        Assert.Empty(node.Peer.ReadStates);
    }

    /// <summary>§6.4: reads that arrive together share a round, and there are few rounds at once.</summary>
    [Fact]
    public void Reads_share_rounds()
    {
        Lone node = new Lone().LeadAndCommit();
        for (ulong i = 0; i < 1000; i++)
        {
            node.Node.RequestReadIndex(i);
            if (i % 10 == 0)
            {
                node.Settle();
            }
        }

        node.Settle();
        Assert.Equal(2 * Options.ReadRoundsMax, node.Taken.OfType<Heartbeat>().Count());
        node.AnswerHeartbeats(A);
        node.AnswerHeartbeats(A);
        Assert.Equal(1000, node.Peer.ReadStates.Count);
    }

    /// <summary>§6.4, step 1: before the first commit of the reign nothing is answered, since the commit index may lag behind what was acknowledged.</summary>
    [Fact]
    public void A_new_leader_answers_after_its_first_commit()
    {
        Lone node = new Lone().Lead();
        node.Node.RequestReadIndex(1);
        node.AnswerHeartbeats(A, B);
        Assert.Empty(node.Peer.ReadStates);
        node.Acknowledge(A);
        node.AnswerHeartbeats(A);
        Assert.Equal(new ReadState(1, new LogIndex(2)), Assert.Single(node.Peer.ReadStates));
    }

    [Fact]
    public void A_lone_voter_answers_at_once()
    {
        Lone node = new(voters: 1);
        node.Tick(30);
        node.Node.RequestReadIndex(1);
        node.Settle();
        Assert.Equal(2UL, Assert.Single(node.Peer.ReadStates).Index.Value);
    }

    /// <summary>Non-voters confirm nothing.</summary>
    [Fact]
    public void Nonvoters_do_not_confirm_reads()
    {
        Lone node = new(Cluster(voters: 2, nonvoters: 1), Options, default);
        node.LeadAndCommit();
        node.Node.RequestReadIndex(1);
        node.Settle();
        node.AnswerHeartbeats(B);
        Assert.Empty(node.Peer.ReadStates);
    }

    [Fact]
    public void Reads_of_a_lost_leader_are_refused()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.RequestReadIndex(1);
        node.Settle();
        node.Step(node.Append(term: 9, Id(2, 2), commit: 0));
        Assert.Equal(new ReadState(1, default, Refusal.NotLeader), Assert.Single(node.Peer.ReadStates));
        Assert.Equal(Refusal.NoLeader, new Lone().Node.RequestReadIndex(1));
    }

    /// <summary>§6.4: a follower asks its leader for the index, once for all reads that wait.</summary>
    [Fact]
    public void A_follower_asks_its_leader()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1));
        node.Node.RequestReadIndex(10);
        node.Node.RequestReadIndex(11);
        ReadIndexRequest question = Assert.Single(node.Take<ReadIndexRequest>());
        Assert.Equal(A, question.To);
        node.Step(new ReadIndexReply(A, Self, new Term(2), question.Batch, new LogIndex(5), IsRefused: false));
        Assert.Equal([new ReadState(10, new LogIndex(5)), new ReadState(11, new LogIndex(5))], node.Peer.ReadStates);
    }

    [Fact]
    public void A_followers_question_is_repeated_until_answered()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1));
        node.Node.RequestReadIndex(10);
        ulong batch = Assert.Single(node.Take<ReadIndexRequest>()).Batch;
        node.Tick(2);
        Assert.Equal(batch, Assert.Single(node.Take<ReadIndexRequest>()).Batch);
        // Both answers arrive.
        node.Step(new ReadIndexReply(A, Self, new Term(2), batch, new LogIndex(5), IsRefused: false));
        node.Step(new ReadIndexReply(A, Self, new Term(2), batch, new LogIndex(6), IsRefused: false));
        Assert.Equal(5UL, Assert.Single(node.Peer.ReadStates).Index.Value);
    }

    /// <summary>Found by a simulated crash: an answer to the run before, in the same term, must not be taken for an answer to this run's question.</summary>
    [Fact]
    public void A_late_answer_to_the_run_before_answers_nothing()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1));
        node.Node.RequestReadIndex(10);
        ulong before = Assert.Single(node.Take<ReadIndexRequest>()).Batch;
        node.Peer.Crash(keptWrites: 0);
        node.Peer.Start(seed: 77);
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1));
        node.Node.RequestReadIndex(11);
        node.Settle();
        node.Step(new ReadIndexReply(A, Self, new Term(2), before, new LogIndex(1), IsRefused: false));
        Assert.Empty(node.Peer.ReadStates);
    }

    [Fact]
    public void A_leader_answers_a_followers_question_after_its_round()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Step(new ReadIndexRequest(B, Self, node.Node.Term, Batch: 4, ReadMode.Lease));
        Assert.Empty(node.Taken.OfType<ReadIndexReply>());
        node.AnswerHeartbeats(A);
        ReadIndexReply reply = Assert.Single(node.Take<ReadIndexReply>());
        Assert.Equal((B, 4UL, node.Node.CommitIndex, false), (reply.To, reply.Batch, reply.Index, reply.IsRefused));
    }

    /// <summary>§6.4.1: while a quorum has promised silence, the leader answers at once.</summary>
    [Fact]
    public void A_lease_answers_at_once_and_ends()
    {
        Lone node = new Lone(options: s_lease).LeadAndCommit();
        node.Tick(2);
        node.AnswerHeartbeats(A);
        node.Node.RequestReadIndex(1);
        node.Settle();
        Assert.Single(node.Peer.ReadStates);
        // LeaderLeaseTicks, 8, less 10 % and less 2 for rounding: 5 ticks from the sending of the heartbeat.
        node.Tick(4);
        node.Node.RequestReadIndex(2);
        node.Settle();
        Assert.Equal(2, node.Peer.ReadStates.Count);
        node.Tick(1);
        node.Node.RequestReadIndex(3);
        node.Settle();
        Assert.Equal(2, node.Peer.ReadStates.Count);
    }

    /// <summary>§6.4.1: a leader that told another to start has broken the silence that the lease rests on.</summary>
    [Fact]
    public void A_transfer_forfeits_the_lease()
    {
        Lone node = new Lone(options: s_lease).LeadAndCommit();
        node.Tick(2);
        node.AnswerHeartbeats(A, B);
        node.Node.TransferLeadership(A);
        node.Node.RequestReadIndex(1);
        node.Settle();
        Assert.Empty(node.Peer.ReadStates);
    }

    /// <summary>§6.4.1: a restarted server has forgotten its promise of silence and keeps it all the same.</summary>
    [Fact]
    public void With_leases_a_restarted_server_holds_its_vote_back()
    {
        Lone node = new(options: s_lease);
        node.Step(node.Vote(A, term: 2, Id(1, 1)));
        Assert.False(Assert.Single(node.Take<VoteReply>()).IsGranted);
        node.Tick(9);
        node.Taken.Clear();
        node.Step(node.Vote(A, term: 3, Id(1, 1)));
        Assert.True(Assert.Single(node.Take<VoteReply>()).IsGranted);
    }

    /// <summary>§6.4.1 and §6.4 side by side: a read that asks for a quorum gets one although the lease holds, and does not hold up the others.</summary>
    [Fact]
    public void A_read_may_ask_for_a_quorum_although_the_lease_holds()
    {
        Lone node = new Lone(options: s_lease).LeadAndCommit();
        node.Tick(2);
        node.AnswerHeartbeats(A);
        node.Node.RequestReadIndex(1, ReadMode.Quorum);
        node.Node.RequestReadIndex(2, ReadMode.Lease);
        node.Settle();
        Assert.Equal(2UL, Assert.Single(node.Peer.ReadStates).Context);
        node.AnswerHeartbeats(B);
        Assert.Equal([2UL, 1], node.Peer.ReadStates.Select(read => read.Context));
    }

    [Fact]
    public void A_followers_question_is_answered_under_the_lease_only_if_that_is_enough_for_it()
    {
        Lone node = new Lone(options: s_lease).LeadAndCommit();
        node.Tick(2);
        node.AnswerHeartbeats(A);
        node.Taken.Clear();
        node.Step(new ReadIndexRequest(B, Self, node.Node.Term, Batch: 4, ReadMode.Quorum));
        node.Step(new ReadIndexRequest(B, Self, node.Node.Term, Batch: 5, ReadMode.Lease));
        Assert.Equal(5UL, Assert.Single(node.Taken.OfType<ReadIndexReply>()).Batch);
        node.AnswerHeartbeats(A);
        Assert.Equal([5UL, 4], node.Taken.OfType<ReadIndexReply>().Select(reply => reply.Batch));
    }

    [Fact]
    public void A_follower_asks_apart_for_reads_that_need_a_quorum()
    {
        Lone node = new(options: s_lease);
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1));
        node.Node.RequestReadIndex(10, ReadMode.Quorum);
        node.Node.RequestReadIndex(11, ReadMode.Lease);
        node.Node.RequestReadIndex(12, ReadMode.Quorum);
        List<ReadIndexRequest> questions = node.Take<ReadIndexRequest>();
        Assert.Equal([ReadMode.Lease, ReadMode.Quorum], questions.Select(question => question.Mode));
        node.Tick(2);
        Assert.Equal(questions, node.Take<ReadIndexRequest>());
        node.Step(new ReadIndexReply(A, Self, new Term(2), questions[1].Batch, new LogIndex(5), IsRefused: false));
        Assert.Equal([10UL, 12], node.Peer.ReadStates.Select(read => read.Context));
    }

    /// <summary>§6.4: the lease of a new leader says nothing about what its predecessors acknowledged.</summary>
    [Fact]
    public void A_lease_answers_nothing_before_the_first_commit_of_the_reign()
    {
        Lone node = new Lone(options: s_lease).Lead();
        node.Tick(2);
        node.AnswerHeartbeats(A, B);
        Assert.True(node.Node.LeaseTicksLeft() > 0);
        node.Node.RequestReadIndex(1);
        node.AnswerHeartbeats(A, B);
        Assert.Empty(node.Peer.ReadStates);
        node.Acknowledge(A);
        Assert.Equal(1UL, Assert.Single(node.Peer.ReadStates).Context);
    }

    [Fact]
    public void Only_a_leader_has_a_lease_and_the_only_voter_one_without_end()
    {
        Assert.Equal(0, new Lone(options: s_lease).Node.LeaseTicksLeft());
        Assert.Equal(0, new Lone().LeadAndCommit().Node.LeaseTicksLeft());
        Lone alone = new(voters: 1);
        alone.Tick(30);
        Assert.Equal(long.MaxValue, alone.Node.LeaseTicksLeft());
        Lone node = new Lone(options: s_lease).LeadAndCommit();
        Assert.Equal(0, node.Node.LeaseTicksLeft());
        node.Tick(2);
        node.AnswerHeartbeats(A);
        Assert.Equal(5, node.Node.LeaseTicksLeft());
        node.Tick(3);
        Assert.Equal(2, node.Node.LeaseTicksLeft());
    }
}
