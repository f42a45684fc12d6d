using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

public sealed class ProposalTests
{
    [Fact]
    public void Without_a_leader_a_proposal_is_refused()
    {
        ProposeResult result = new Lone().Node.Propose(new byte[] { 1 });
        Assert.Equal((Refusal.NoLeader, false), (result.Refusal, result.IsAccepted));
    }

    [Fact]
    public void A_follower_names_the_leader()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0));
        ProposeResult result = node.Node.Propose(new byte[] { 1 });
        Assert.Equal((Refusal.NotLeader, A), (result.Refusal, result.Leader));
        Assert.Equal((Refusal.NotLeader, A), node.Node.TransferLeadership() is var transfer ? (transfer.Refusal, transfer.Leader) : default);
    }

    [Fact]
    public void Too_large_a_command_is_refused()
    {
        Lone node = new Lone(options: Options with { EntryBytesMax = 10 }).LeadAndCommit();
        Assert.True(node.Node.Propose(new byte[10]).IsAccepted);
        Assert.Equal(Refusal.TooLarge, node.Node.Propose(new byte[11]).Refusal);
        LogIndex last = node.Node.LastEntry.Index;
        Assert.Equal(Refusal.TooLarge, node.Node.ProposeBatch([new byte[1], new byte[11]]).Refusal);
        Assert.Equal(last, node.Node.LastEntry.Index);
    }

    [Fact]
    public void The_queue_is_bounded_in_entries_and_bytes_and_drains_by_commits()
    {
        Lone node = new Lone(options: Options with { UncommittedEntriesMax = 3 }).LeadAndCommit();
        Assert.True(node.Node.ProposeBatch([new byte[1], new byte[1], new byte[1]]).IsAccepted);
        Assert.Equal(Refusal.QueueFull, node.Node.Propose(new byte[1]).Refusal);
        node.Settle();
        node.Acknowledge(A);
        Assert.True(node.Node.Propose(new byte[1]).IsAccepted);

        Lone bytes = new Lone(options: Options with { UncommittedBytesMax = 1000 }).LeadAndCommit();
        Assert.True(bytes.Node.Propose(new byte[1500]).IsAccepted);
        Assert.Equal(Refusal.QueueFull, bytes.Node.Propose(new byte[1]).Refusal);
        // A change of members is not refused for it: it may be what brings the quorum back.
        Assert.True(bytes.Node.ProposeConfiguration(new ConfigurationChange(ConfigurationChangeKind.Remove, B)).IsAccepted);
        bytes.Settle();
        bytes.Acknowledge(A);
        Assert.True(bytes.Node.Propose(new byte[1]).IsAccepted);
    }

    [Fact]
    public void A_new_reign_begins_with_an_empty_queue()
    {
        RaftEntry[] old = [.. Enumerable.Range(2, 100).Select(i => Entry(1, (ulong)i, new string('x', 100)))];
        Lone node = new(options: Options with { UncommittedBytesMax = 500 }, hardState: new HardState(new Term(1), default, default), entries: old);
        node.Lead();
        Assert.True(node.Node.Propose(new byte[100]).IsAccepted);
        node.Settle();
        node.Acknowledge(A);
        Assert.Equal(node.Node.LastEntry.Index, node.Node.CommitIndex);
        Assert.True(node.Node.Propose(new byte[100]).IsAccepted);
    }

    [Fact]
    public void Accepted_entries_may_be_overwritten_by_another_leader()
    {
        Lone node = new Lone().LeadAndCommit();
        EntryId proposed = node.Node.Propose(new byte[] { 1 }).First;
        node.Settle();
        node.Step(node.Append(term: 5, Id(2, 2), commit: 3, Entry(5, 3)));
        Assert.NotEqual(proposed, node.Peer.Disk.Entries[^1].Id);
        Assert.Equal(proposed.Index, node.Peer.Machine.Applied);
    }

    /// <summary>A save on the way when its entries were replaced vouches for nothing any more, even if the same entry comes back.</summary>
    [Fact]
    public void A_save_of_replaced_entries_does_not_count()
    {
        Lone node = new();
        node.Node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), Entry(2, 3)));
        Assert.True(node.Node.TryTakeReady(out Ready? first));
        node.Node.Step(new AppendEntries(B, Self, new Term(3), Id(1, 1), default, new[] { Entry(3, 2) }));
        Assert.True(node.Node.TryTakeReady(out Ready? second));
        node.Node.Step(new AppendEntries(A, Self, new Term(4), Id(1, 1), new LogIndex(3), new[] { Entry(2, 2), Entry(2, 3) }));
        Assert.True(node.Node.TryTakeReady(out Ready? third));
        node.Node.Saved(first.Number);
        Assert.False(node.Node.TryTakeReady(out Ready? early) && !early.Committed.IsEmpty && early.Committed.Span[^1].Index.Value > 1);
        node.Node.Saved(third.Number);
        Assert.True(node.Node.TryTakeReady(out Ready? late));
        Assert.Equal(3UL, late.Committed.Span[^1].Index.Value);
        Assert.True(second.NeedsSave && third.NeedsSave);
    }

    [Fact]
    public void Reports_of_what_was_never_handed_out_stop_the_peer()
    {
        Lone node = new();
        Assert.Throws<RaftInvariantException>(() => node.Node.Saved(1000));
        Assert.Throws<RaftInvariantException>(() => node.Node.Applied(new LogIndex(1000)));
    }

    [Fact]
    public void The_state_machine_is_given_no_more_than_its_window()
    {
        Lone node = new Lone(voters: 1, options: Options with { ApplyingEntriesMax = 4 });
        node.Tick(30);
        for (int i = 0; i < 10; i++)
        {
            node.Node.Propose(new byte[1]);
        }

        List<int> handed = [];
        while (node.Node.TryTakeReady(out Ready? ready))
        {
            handed.Add(ready.Committed.Length);
            if (ready.NeedsSave)
            {
                node.Peer.Disk.Enqueue(ready);
                node.Peer.Disk.CompleteNext();
                node.Node.Saved(ready.Number);
            }
        }

        Assert.Equal(4, handed.Sum());
        node.Node.Applied(new LogIndex(node.Node.AppliedIndex.Value + 3));
        Assert.True(node.Node.TryTakeReady(out Ready? next));
        Assert.Equal(3, next.Committed.Length);
    }

    /// <summary>Acknowledgements wait until everything they speak for is handed out, however many saves that takes.</summary>
    [Fact]
    public void A_large_append_is_saved_in_parts_and_acknowledged_once()
    {
        Lone node = new();
        RaftEntry[] entries = [.. Enumerable.Range(2, 5).Select(i => new RaftEntry(new Term(2), new LogIndex((ulong)i), EntryType.Command, new byte[4 * 1024 * 1024]))];
        node.Node.Step(new AppendEntries(A, Self, new Term(2), Id(1, 1), default, entries));
        List<Ready> readys = [];
        while (node.Node.TryTakeReady(out Ready? ready))
        {
            readys.Add(ready);
        }

        Assert.Equal(5, readys.Sum(ready => ready.Entries.Length));
        Assert.True(readys.Count > 1);
        Assert.All(readys.SkipLast(1), ready => Assert.Empty(ready.MessagesAfterSave));
        Assert.Single(readys[^1].MessagesAfterSave);
    }

    [Fact]
    public void Stats_tell_what_consul_shows()
    {
        Lone node = new Lone().LeadAndCommit();
        RaftStats stats = node.Node.Stats();
        Assert.Equal(
            (RaftRole.Leader, 2UL, Self, Id(2, 2), 2UL, 2UL, 0UL, 2, 0L),
            (stats.Role, stats.Term.Value, stats.Leader, stats.LastEntry, stats.CommitIndex.Value, stats.AppliedIndex.Value, stats.ApplyingCount, stats.PeerCount, stats.LastContactTicks!.Value));
        Assert.True(stats.IsConfigurationCommitted);
        Assert.Equal(["s2", "s3"], node.Node.Peers().Select(peer => peer.Server.Id.Value));
        Assert.All(node.Node.Peers(), peer => Assert.Equal((ProgressState.Replicate, 2UL, 3UL), (peer.State, peer.Match.Value, peer.Next.Value)));

        Lone follower = new();
        Assert.Null(follower.Node.Stats().LastContactTicks);
        follower.Step(follower.Append(term: 2, Id(1, 1), commit: 0));
        follower.Tick(3);
        Assert.Equal(3L, follower.Node.Stats().LastContactTicks);
        Assert.Empty(follower.Node.Peers());
    }

    [Fact]
    public void Messages_for_others_are_dropped()
    {
        Lone node = new();
        node.Node.Step(new TimeoutNow(A, B, new Term(9)));
        node.Node.Step(new TimeoutNow(Self, Self, new Term(9)));
        Assert.Equal((RaftRole.Follower, 1UL), (node.Node.Role, node.Node.Term.Value));
    }

    /// <summary>A configuration that cannot be read, or entries with a gap, change nothing.</summary>
    [Fact]
    public void Malformed_entries_are_dropped_before_anything_changes()
    {
        Lone node = new();
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), new RaftEntry(new Term(2), new LogIndex(3), EntryType.Configuration, new byte[] { 99 })));
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(2, 2), Entry(2, 4)));
        node.Step(node.Append(term: 2, Id(1, 1), commit: 0, Entry(3, 2)));
        Assert.Equal(Id(1, 1), node.Node.LastEntry);
        Assert.Empty(node.Take<AppendEntriesReply>());
    }
}
