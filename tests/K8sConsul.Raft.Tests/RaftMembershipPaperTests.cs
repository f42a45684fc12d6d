using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

/// <summary>Thesis chapters 3.10 and 4: leadership transfer and changes of one server at a time.</summary>
public sealed class RaftMembershipPaperTests
{
    private static readonly ServerId s_new = new("s9");

    /// <summary>§4.1: a configuration is in force as soon as it is in the log, not when committed.</summary>
    [Fact]
    public void A_change_is_in_force_when_appended()
    {
        Lone node = new Lone().LeadAndCommit();
        ProposeResult result = node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, s_new, "10.0.0.9:8300"));
        Assert.True(result.IsAccepted);
        Assert.NotNull(node.Node.Configuration.Find(s_new));
        Assert.True(node.Node.ConfigurationIndex > node.Node.CommitIndex);
        Assert.Contains(node.Take<AppendEntries>(), append => append.To == s_new);
    }

    /// <summary>§4.1: one change at a time.</summary>
    [Fact]
    public void A_second_change_waits_for_the_first()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, s_new, "10.0.0.9:8300"));
        ConfigurationChange second = new(ConfigurationChangeKind.Remove, A);
        Assert.Equal(Refusal.ChangePending, node.Node.ProposeConfiguration(second).Refusal);
        node.Acknowledge(A);
        Assert.True(node.Node.ProposeConfiguration(second).IsAccepted);
    }

    /// <summary>Ongaro's note of 2015 on §4.1: no change before an entry of the own term is committed.</summary>
    [Fact]
    public void A_new_leader_changes_nothing_before_its_first_commit()
    {
        // The configuration in force is known to be committed: it is the own first entry that is missing.
        Lone node = new Lone(hardState: new HardState(new Term(1), default, new LogIndex(1))).Lead();
        ConfigurationChange change = new(ConfigurationChangeKind.Remove, A);
        Assert.Equal((1UL, 1UL), (node.Node.CommitIndex.Value, node.Node.ConfigurationIndex.Value));
        Assert.Equal(Refusal.ChangePending, node.Node.ProposeConfiguration(change).Refusal);
        node.Acknowledge(B);
        Assert.True(node.Node.ProposeConfiguration(change).IsAccepted);
    }

    /// <summary>§4.1: the new quorum commits the change: of four voters three.</summary>
    [Fact]
    public void The_new_quorum_commits_the_change()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddVoter, s_new, "10.0.0.9:8300"));
        LogIndex index = node.Node.ConfigurationIndex;
        node.Acknowledge(A, index.Value);
        Assert.True(node.Node.CommitIndex < index);
        node.Acknowledge(s_new, index.Value);
        Assert.Equal(index, node.Node.CommitIndex);
    }

    /// <summary>§4.2.1: non-voters receive the log and count for nothing.</summary>
    [Fact]
    public void Nonvoters_do_not_count_for_commitment()
    {
        Lone node = new(Cluster(voters: 2, nonvoters: 1), Options, default);
        node.Lead();
        node.Acknowledge(B);
        Assert.Equal(0UL, node.Node.CommitIndex.Value);
        node.Acknowledge(A);
        Assert.Equal(2UL, node.Node.CommitIndex.Value);
    }

    /// <summary>§4.2.2: a leader that removes itself leads until that is committed, does not count itself, and then steps down.</summary>
    [Fact]
    public void A_removed_leader_steps_down_after_the_commit()
    {
        Lone node = new Lone().LeadAndCommit();
        Assert.True(node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Remove, Self)).IsAccepted);
        LogIndex index = node.Node.ConfigurationIndex;
        node.Acknowledge(A);
        Assert.Equal((RaftRole.Leader, index.Previous), (node.Node.Role, node.Node.CommitIndex));
        node.Taken.Clear();
        node.Acknowledge(B);
        Assert.Equal((RaftRole.Follower, index), (node.Node.Role, node.Node.CommitIndex));
        // The rest learns of the commit, and one of them is asked to take over without waiting.
        Assert.Contains(node.Taken, message => message is TimeoutNow);
        Assert.Contains(node.Taken, message => message is CommitNotice notice && notice.Commit.Index == index);
        node.Tick(100);
        Assert.Equal(RaftRole.Follower, node.Node.Role);
    }

    /// <summary>The same for one that takes its own vote.</summary>
    [Fact]
    public void A_demoted_leader_steps_down_after_the_commit()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Demote, Self));
        node.Acknowledge(A);
        node.Acknowledge(B);
        Assert.Equal(RaftRole.Follower, node.Node.Role);
        Assert.Contains("no longer a voter", node.Node.Stats().Reason, StringComparison.Ordinal);
    }

    /// <summary>§4.2.2: while the change that takes its vote is not known to be committed, a server still campaigns: nobody else might be able to.</summary>
    [Fact]
    public void A_server_that_is_losing_its_vote_campaigns_until_that_is_committed()
    {
        RaftConfiguration without = new([new RaftServer(Self, "10.0.0.1:8300", Suffrage.Nonvoter), new RaftServer(A, "10.0.0.2:8300")]);
        RaftEntry change = new(new Term(1), new LogIndex(2), EntryType.Configuration, without.Encode());
        Lone open = new(voters: 2, hardState: new HardState(new Term(1), default, new LogIndex(1)), entries: [change]);
        Assert.Equal([A], open.TimeOut().Select(request => request.To));

        Lone settled = new(voters: 2, hardState: new HardState(new Term(1), default, new LogIndex(2)), entries: [change]);
        settled.Tick(100);
        Assert.Empty(settled.Taken);
    }

    /// <summary>§4.1: a replaced suffix brings the earlier configuration back.</summary>
    [Fact]
    public void A_replaced_change_is_undone()
    {
        Lone node = new();
        RaftConfiguration larger = Cluster(voters: 4);
        node.Step(node.Append(term: 2, Id(1, 1), commit: 1, new RaftEntry(new Term(2), new LogIndex(2), EntryType.Configuration, larger.Encode())));
        Assert.Equal(larger, node.Node.Configuration);
        node.Step(new AppendEntries(B, Self, new Term(3), Id(1, 1), new LogIndex(1), new[] { Entry(3, 2) }));
        Assert.Equal(Cluster(voters: 3), node.Node.Configuration);
        Assert.Equal(1UL, node.Node.ConfigurationIndex.Value);
    }

    [Fact]
    public void Changes_that_make_no_sense_are_refused_with_the_reason()
    {
        Lone node = new Lone(voters: 1);
        node.Tick(30);
        Assert.Equal(RaftRole.Leader, node.Node.Role);
        Check(new ConfigurationChange(ConfigurationChangeKind.Promote, s_new), Refusal.InvalidTarget, "not in the configuration");
        Check(new ConfigurationChange(ConfigurationChangeKind.Remove, Self), Refusal.InvalidTarget, "no voter");
        Check(new ConfigurationChange(ConfigurationChangeKind.AddVoter, s_new), Refusal.InvalidTarget, "address");
        Check(new ConfigurationChange(ConfigurationChangeKind.AddVoter, s_new, "10.0.0.1:8300"), Refusal.InvalidTarget, "belongs to");
        Check(new ConfigurationChange(ConfigurationChangeKind.AddVoter, s_new, "h:1", new LogIndex(77)), Refusal.ConfigurationMoved, "index 1");
        Assert.Equal(1UL, node.Node.ConfigurationIndex.Value);

        void Check(ConfigurationChange change, Refusal refusal, string text)
        {
            ProposeResult result = node.Node.ProposeConfiguration(change);
            Assert.Equal(refusal, result.Refusal);
            Assert.Contains(text, result.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_change_that_changes_nothing_is_accepted_where_it_is()
    {
        Lone node = new Lone().LeadAndCommit();
        ProposeResult result = node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddVoter, A, "10.0.0.2:8300"));
        Assert.Equal((true, Id(1, 1)), (result.IsAccepted, result.First));
        ProposeResult moved = node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, A, "10.0.9.9:8300"));
        Assert.True(moved.IsAccepted);
        Assert.Equal(new RaftServer(A, "10.0.9.9:8300"), node.Node.Configuration.Find(A));
    }

    /// <summary>A removed server hears of its removal, so that it does not wait for a leader in vain.</summary>
    [Fact]
    public void A_removed_server_gets_the_entry_that_removes_it()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Remove, B));
        AppendEntries last = Assert.Single(node.Take<AppendEntries>(), append => append.To == B);
        Assert.Equal(EntryType.Configuration, last.Entries.Span[^1].Type);
        node.Node.Propose(new byte[] { 1 });
        Assert.DoesNotContain(node.Take<AppendEntries>(), append => append.To == B);
    }

    /// <summary>§3.10: the leader stops accepting, catches the target up, and tells it to start.</summary>
    [Fact]
    public void A_transfer_waits_until_the_target_has_everything()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.Propose(new byte[] { 1 });
        node.Settle();
        node.Acknowledge(B);
        Assert.True(node.Node.TransferLeadership(A).IsAccepted);
        Assert.Empty(node.Take<TimeoutNow>());
        ProposeResult refused = node.Node.Propose(new byte[] { 2 });
        Assert.Equal((Refusal.Transferring, A), (refused.Refusal, refused.Leader));
        Assert.Equal(Refusal.Transferring, node.Node.TransferLeadership(B).Refusal);
        node.Acknowledge(A);
        Assert.Equal(A, Assert.Single(node.Take<TimeoutNow>()).To);
        node.Step(node.Append(term: 3, node.Node.LastEntry, commit: 0));
        Assert.Equal(new TransferOutcome(A, null), Assert.Single(node.Peer.Transfers));
        Assert.Equal(A, node.Node.Leader);
    }

    /// <summary>§3.10: without a target the most caught-up voter is chosen.</summary>
    [Fact]
    public void Without_a_target_the_most_caught_up_voter_is_chosen()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.Propose(new byte[] { 1 });
        node.Settle();
        node.Acknowledge(B);
        Assert.Equal(B, node.Node.TransferLeadership().Leader);
        Assert.Equal(B, Assert.Single(node.Take<TimeoutNow>()).To);
    }

    /// <summary>§3.10: after an election time-out it is given up and the leader goes on.</summary>
    [Fact]
    public void A_transfer_is_given_up_after_an_election_timeout()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.TransferLeadership(A);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Refusal.Transferring, node.Node.Propose(new byte[] { 1 }).Refusal);
            node.Tick();
            node.AnswerHeartbeats(A, B);
        }

        Assert.True(node.Node.Propose(new byte[] { 1 }).IsAccepted);
        node.Settle();
        Assert.Contains("did not take over", Assert.Single(node.Peer.Transfers).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s1")]
    [InlineData("s4")]
    [InlineData("s77")]
    public void A_transfer_goes_only_to_another_voter(string target)
    {
        Lone node = new(Cluster(voters: 3, nonvoters: 1), Options, default);
        node.LeadAndCommit();
        Assert.Equal(Refusal.InvalidTarget, node.Node.TransferLeadership(new ServerId(target)).Refusal);
    }

    /// <summary>§3.10: the target starts at once, without a pre-vote, and says why.</summary>
    [Fact]
    public void TimeoutNow_starts_an_election_at_once()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0));
        node.Taken.Clear();
        node.Step(new TimeoutNow(A, Self, new Term(2)));
        Assert.Equal(RaftRole.Candidate, node.Node.Role);
        Assert.All(node.Take<RequestVote>(), request => Assert.Equal((3UL, false, true), (request.Term.Value, request.IsPreVote, request.IsTransfer)));
        Lone nonvoter = new(new RaftConfiguration([new RaftServer(Self, "a", Suffrage.Nonvoter), new RaftServer(A, "b")]), Options, default);
        nonvoter.Step(new TimeoutNow(A, Self, new Term(1)));
        Assert.Equal(RaftRole.Follower, nonvoter.Node.Role);
    }
}
