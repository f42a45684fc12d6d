using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

/// <summary>The Raft paper on the log, claim by claim.</summary>
public sealed class RaftReplicationPaperTests
{
    /// <summary>§8: a new leader appends a no-op of its term.</summary>
    [Fact]
    public void A_new_leader_appends_a_noop()
    {
        Lone node = new Lone().Lead();
        Assert.Equal(Id(2, 2), node.Node.LastEntry);
        Assert.Equal(EntryType.Noop, node.Peer.Disk.Entries[^1].Type);
        Assert.All(node.Take<AppendEntries>(), append => Assert.Equal((Id(1, 1), EntryType.Noop), (append.Previous, append.Entries.Span[0].Type)));
    }

    /// <summary>§5.3: an entry is committed once a majority holds it, and applied then, in order.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    public void A_majority_commits(int voters, int needed)
    {
        Lone node = new Lone(voters).LeadAndCommit();
        node.Node.Propose(new byte[] { 1 });
        node.Settle();
        LogIndex index = node.Node.LastEntry.Index;
        ServerId[] others = [A, B, C, D];
        for (int i = 0; i < needed; i++)
        {
            Assert.Equal(index.Previous, node.Node.CommitIndex);
            node.Acknowledge(others[i]);
        }

        Assert.Equal(index, node.Node.CommitIndex);
        Assert.Equal(index, node.Peer.Machine.Applied);
    }

    /// <summary>Thesis §10.2.1: the leader sends before its own write is durable, and counts itself only after; a majority without it commits all the same.</summary>
    [Fact]
    public void The_leader_counts_itself_only_when_durable()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.Propose(new byte[] { 1 });
        node.Peer.TakeReadys();
        Assert.Equal(2, node.Peer.Outbox.OfType<AppendEntries>().Count());
        LogIndex index = node.Node.LastEntry.Index;
        node.Node.Step(new AppendEntriesReply(A, Self, node.Node.Term, IsSuccess: true, index, default));
        Assert.Equal(index.Previous, node.Node.CommitIndex);
        node.Peer.FinishSave();
        Assert.Equal(index, node.Node.CommitIndex);

        node.Node.Propose(new byte[] { 2 });
        node.Peer.TakeReadys();
        node.Node.Step(new AppendEntriesReply(A, Self, node.Node.Term, IsSuccess: true, index.Next, default));
        node.Node.Step(new AppendEntriesReply(B, Self, node.Node.Term, IsSuccess: true, index.Next, default));
        Assert.Equal(index.Next, node.Node.CommitIndex);
        // Applied only when durable here as well.
        node.Peer.TakeReadys();
        node.Peer.FinishApply();
        Assert.Equal(index, node.Peer.Machine.Applied);
        node.Settle();
        Assert.Equal(index.Next, node.Peer.Machine.Applied);
    }

    /// <summary>§5.4.2, figure 8: entries of earlier terms are not committed by counting, but by an entry of the own term behind them.</summary>
    [Fact]
    public void Only_entries_of_the_own_term_commit_by_counting()
    {
        Lone node = new(hardState: new HardState(new Term(3), default, default), entries: [Entry(2, 2), Entry(3, 3)]);
        node.Lead();
        Assert.Equal(Id(4, 4), node.Node.LastEntry);
        node.Acknowledge(A, index: 3);
        node.Acknowledge(B, index: 3);
        Assert.Equal(0UL, node.Node.CommitIndex.Value);
        node.Acknowledge(A, index: 4);
        Assert.Equal(4UL, node.Node.CommitIndex.Value);
    }

    /// <summary>§5.3: followers learn the commit index with what is sent next.</summary>
    [Fact]
    public void Followers_learn_of_the_commit_at_once()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.Propose(new byte[] { 1 });
        node.Settle();
        node.Taken.Clear();
        node.Acknowledge(A);
        Assert.Empty(node.Taken.OfType<AppendEntries>());
        Assert.Equal([(A, node.Node.LastEntry), (B, node.Node.LastEntry)], node.Take<CommitNotice>().Select(notice => (notice.To, notice.Commit)));

        // It means something only to a log that has that entry.
        Lone follower = new(hardState: new HardState(new Term(2), default, default), entries: [Entry(1, 2), Entry(2, 3)]);
        follower.Step(new CommitNotice(A, Self, new Term(3), Id(2, 2)));
        follower.Step(new CommitNotice(A, Self, new Term(3), Id(2, 9)));
        Assert.Equal(0UL, follower.Node.CommitIndex.Value);
        follower.Step(new CommitNotice(A, Self, new Term(3), Id(1, 2)));
        Assert.Equal(2UL, follower.Node.CommitIndex.Value);
        Assert.Empty(follower.Taken);
    }

    /// <summary>§5.3: an acknowledgement leaves a follower only when the entries are durable.</summary>
    [Fact]
    public void A_follower_acknowledges_after_the_save()
    {
        Lone node = new();
        node.Node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), Entry(2, 3)));
        node.Peer.TakeReadys();
        Assert.Empty(node.Peer.Outbox);
        // The same again while the save is under way: the second answer waits for it as well.
        node.Node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), Entry(2, 3)));
        node.Peer.TakeReadys();
        Assert.Empty(node.Peer.Outbox);
        node.Settle();
        Assert.All(node.Take<AppendEntriesReply>(), reply => Assert.Equal((true, 3UL), (reply.IsSuccess, reply.Index.Value)));
        Assert.Equal(3, node.Peer.Disk.Entries.Count);
    }

    /// <summary>§5.3: a follower refuses entries whose predecessor it does not hold.</summary>
    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(2, 9)]
    public void Entries_that_do_not_fit_are_refused(ulong previousTerm, ulong previousIndex)
    {
        Lone node = new(hardState: new HardState(new Term(2), default, default), entries: [Entry(2, 2)]);
        node.Step(node.Append(term: 4, Id(previousTerm, previousIndex), commit: 0, Entry(4, previousIndex + 1)));
        AppendEntriesReply reply = Assert.Single(node.Take<AppendEntriesReply>());
        Assert.Equal((false, previousIndex), (reply.IsSuccess, reply.Index.Value));
        Assert.Equal(Id(2, 2), node.Node.LastEntry);
    }

    /// <summary>§5.3, figure 7: whatever a follower's log looks like, the leader's log replaces it from the first difference on.</summary>
    [Theory]
    [InlineData("1 1 1 4 4 5 5 6 6")]
    [InlineData("1 1 1 4")]
    [InlineData("1 1 1 4 4 5 5 6 6 6 6")]
    [InlineData("1 1 1 4 4 5 5 6 6 6 7 7")]
    [InlineData("1 1 1 4 4 4 4")]
    [InlineData("1 1 1 2 2 2 3 3 3 3 3")]
    [InlineData("1")]
    public void A_followers_log_becomes_the_leaders(string follower)
    {
        const string Leader = "1 1 1 4 4 5 5 6 6 6";
        (int messages, SimulatedPeer leader, SimulatedPeer peer) = Reconcile(Leader, follower);
        Assert.Equal(leader.Disk.Entries.Select(entry => entry.Id), peer.Disk.Entries.Select(entry => entry.Id));
        Assert.InRange(messages, 1, 12);
    }

    /// <summary>§5.3, last paragraph: a whole term is skipped per refusal, not an entry.</summary>
    [Fact]
    public void Back_off_skips_terms()
    {
        string leader = "1 " + string.Join(' ', Enumerable.Repeat("5", 200));
        string follower = "1 " + string.Join(' ', Enumerable.Repeat("2", 100).Concat(Enumerable.Repeat("3", 100)));
        (int messages, _, _) = Reconcile(leader, follower);
        Assert.InRange(messages, 1, 8);
    }

    /// <summary>§5.3: entries that are there already stay; an old message does not cut what came after it.</summary>
    [Fact]
    public void An_old_message_does_not_cut_the_log()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), Entry(2, 3), Entry(2, 4)));
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2)));
        Assert.Equal(Id(2, 4), node.Node.LastEntry);
        Assert.Equal([4UL, 2], node.Take<AppendEntriesReply>().Select(reply => reply.Index.Value));
    }

    /// <summary>§5.3: the commit index is at most the last entry that is known to match, whatever the leader's is.</summary>
    [Fact]
    public void A_follower_commits_only_what_matches()
    {
        Lone node = new(hardState: new HardState(new Term(2), default, default), entries: [Entry(2, 2), Entry(2, 3)]);
        node.Step(node.Append(term: 3, Id(1, 1), commit: 9));
        Assert.Equal(1UL, node.Node.CommitIndex.Value);
        node.Step(node.Append(term: 3, Id(1, 1), commit: 9, Entry(3, 2)));
        Assert.Equal(2UL, node.Node.CommitIndex.Value);
        Assert.Equal(Id(3, 2), node.Node.LastEntry);
    }

    /// <summary>§5.4.3: what is committed is never replaced. A leader that tries stops the peer.</summary>
    [Fact]
    public void Committed_entries_are_never_replaced()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 2, Entry(2, 2)));
        Assert.Equal(2UL, node.Node.CommitIndex.Value);
        Assert.Throws<RaftInvariantException>(() => node.Node.Step(node.Append(term: 3, Id(1, 1), commit: 2, Entry(3, 2))));
        Assert.Equal(Id(2, 2), node.Peer.Disk.Entries[^1].Id);
    }

    /// <summary>§5.2 and figure 2: what a server has acknowledged is on its disk. One that has it no more cannot be believed at all.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_follower_that_has_lost_what_it_acknowledged_stops(ulong commit, bool goesOn)
    {
        Lone node = new(hardState: new HardState(new Term(2), default, default), entries: [Entry(2, 2)]);
        var heartbeat = new Heartbeat(A, Self, new Term(2), new LogIndex(commit), Round: 1, SentTick: 0);
        if (goesOn)
        {
            node.Step(heartbeat);
            Assert.Single(node.Take<HeartbeatReply>());
            return;
        }

        string reason = Assert.Throws<RaftInvariantException>(() => node.Node.Step(heartbeat)).Message;
        Assert.StartsWith("s2 has our word for entry 3, and our log ends with 2/2: the data directory was put back to an earlier state", reason, StringComparison.Ordinal);
    }

    /// <summary>§5.3: messages follow each other without waiting, up to the window; acknowledgements slide it.</summary>
    [Fact]
    public void Replication_is_pipelined_within_the_window()
    {
        Lone node = new Lone(options: Options with { InflightMessagesMax = 3, AppendEntriesMax = 1 }).LeadAndCommit();
        for (int i = 0; i < 5; i++)
        {
            node.Node.Propose(new byte[10]);
        }

        List<AppendEntries> first = [.. node.Take<AppendEntries>().Where(append => append.To == A)];
        Assert.Equal([3UL, 4, 5], first.Select(append => append.Entries.Span[0].Index.Value));
        node.Node.Step(new AppendEntriesReply(A, Self, node.Node.Term, IsSuccess: true, new LogIndex(4), default));
        List<AppendEntries> second = [.. node.Take<AppendEntries>().Where(append => append.To == A)];
        Assert.Equal([6UL, 7], second.Select(append => append.Entries.Span[0].Index.Value));
    }

    /// <summary>The window is bounded in bytes too, and one entry larger than it still goes.</summary>
    [Fact]
    public void The_window_is_bounded_in_bytes()
    {
        Lone node = new Lone(options: Options with { InflightBytesMax = 1000, AppendEntriesMax = 1 }).LeadAndCommit();
        for (int i = 0; i < 4; i++)
        {
            node.Node.Propose(new byte[600]);
        }

        Assert.Equal(2, node.Take<AppendEntries>().Count(append => append.To == A));
        Lone other = new Lone(options: Options with { InflightBytesMax = 1000 }).LeadAndCommit();
        other.Node.Propose(new byte[5000]);
        Assert.Equal(1, other.Take<AppendEntries>().Count(append => append.To == A));
    }

    /// <summary>Proposals between two Readys share one message and one save.</summary>
    [Fact]
    public void Proposals_are_batched()
    {
        Lone node = new Lone().LeadAndCommit();
        ReadOnlyMemory<byte>[] commands = [.. Enumerable.Range(0, 50).Select(i => new ReadOnlyMemory<byte>([(byte)i]))];
        ProposeResult result = node.Node.ProposeBatch(commands);
        Assert.Equal(Id(2, 3), result.First);
        node.Node.Propose(new byte[] { 99 });
        Assert.True(node.Node.TryTakeReady(out Ready? ready));
        Assert.Equal(51, ready.Entries.Length);
        Assert.All(ready.Messages.OfType<AppendEntries>(), append => Assert.Equal(51, append.Entries.Length));
        Assert.Equal(2, ready.Messages.Count);
    }

    /// <summary>§5.3: what was lost is sent again, however often.</summary>
    [Fact]
    public void A_lost_append_is_found_by_the_heartbeats()
    {
        Lone node = new Lone().LeadAndCommit();
        node.Node.Propose(new byte[] { 7 });
        node.Take<AppendEntries>();
        node.Tick(4);
        node.AnswerHeartbeats(A);
        AppendEntries probe = Assert.Single(node.Take<AppendEntries>());
        Assert.Equal((3UL, 0), (probe.Previous.Index.Value, probe.Entries.Length));
        node.Step(new AppendEntriesReply(A, Self, node.Node.Term, IsSuccess: false, probe.Previous.Index, Id(2, 2)));
        Assert.Equal(3UL, Assert.Single(node.Take<AppendEntries>()).Entries.Span[0].Index.Value);
    }

    /// <summary>Found by simulation: a lost first probe of a new server, which carries no entries, must be repeated.</summary>
    [Fact]
    public void A_lost_probe_without_entries_is_sent_again()
    {
        Lone node = new Lone().LeadAndCommit();
        ServerId added = new("s9");
        node.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, added, "h9:1"));
        Assert.Empty(Assert.Single(node.Take<AppendEntries>(), append => append.To == added).Entries.ToArray());
        node.Acknowledge(A);
        for (int i = 0; i < 5; i++)
        {
            node.Tick();
            node.AnswerHeartbeats(A, B, added);
        }

        Assert.Contains(node.Take<AppendEntries>(), append => append.To == added);
    }

    private static (int Messages, SimulatedPeer Leader, SimulatedPeer Follower) Reconcile(string leaderTerms, string followerTerms)
    {
        RaftConfiguration pair = Cluster(voters: 2);
        SimulatedPeer leader = Make("s1", leaderTerms);
        SimulatedPeer follower = Make("s2", followerTerms);
        // The pair's other vote is played, so that the leader is elected whatever the follower's log is.
        while (leader.Node!.Role != RaftRole.Leader)
        {
            leader.Node.Tick();
            leader.Settle();
            foreach (RequestVote request in leader.Outbox.OfType<RequestVote>().ToArray())
            {
                leader.Node.Step(new VoteReply(request.To, request.From, request.Term, request.IsPreVote, IsGranted: true));
            }

            leader.Settle();
        }

        leader.Outbox.RemoveAll(message => message is RequestVote or Heartbeat);
        int messages = 0;
        while (leader.Outbox.Count + follower.Outbox.Count > 0)
        {
            RaftMessage[] flying = [.. leader.Outbox, .. follower.Outbox];
            leader.Outbox.Clear();
            follower.Outbox.Clear();
            foreach (RaftMessage message in flying)
            {
                SimulatedPeer to = message.To == leader.Id ? leader : follower;
                messages += message is AppendEntries ? 1 : 0;
                to.Node!.Step(message);
                to.Settle();
            }
        }

        return (messages, leader, follower);

        SimulatedPeer Make(string id, string terms)
        {
            SimulatedPeer peer = new(new ServerId(id), Options);
            peer.Disk.Bootstrap(pair);
            ulong index = 1;
            RaftEntry[] entries = [.. terms.Split(' ').Skip(1).Select(term => Entry(ulong.Parse(term), ++index))];
            peer.Disk.Preset(new HardState(new Term(8), default, default), entries);
            peer.Start(seed: 3);
            return peer;
        }
    }
}
