using K8sConsul.Raft.Tests.Simulation;
using static K8sConsul.Raft.Tests.Simulation.Lone;

namespace K8sConsul.Raft.Tests;

/// <summary>Raft paper §7 and thesis chapter 5.</summary>
public sealed class RaftSnapshotPaperTests
{
    private static readonly RaftOptions s_options = Options with { TrailingEntries = 2, SnapshotChunkBytes = 50, CacheEntries = 0 };

    /// <summary>§7: after a snapshot the log before it goes, except for what slow followers may still want.</summary>
    [Fact]
    public void A_snapshot_releases_all_but_the_trailing_entries()
    {
        Lone node = Leader(entries: 10);
        EntryId last = node.Node.LastEntry;
        node.Peer.OnReady = ready => Assert.True(ready.NeedsSave || ready.CompactTo is null, "a host that saves nothing would not compact");
        node.Peer.TakeSnapshot();
        node.Settle();
        Assert.Equal(last.Index.Value - 2, node.Peer.Disk.Start.Index.Value);
        Assert.Equal(last, node.Node.Stats().LastSnapshot);
    }

    /// <summary>§7: a follower that needs what is gone gets the snapshot, piece by piece, and then the rest of the log.</summary>
    [Fact]
    public void A_slow_follower_gets_the_snapshot_in_pieces()
    {
        Lone node = LeaderWithLaggard();
        SnapshotMeta snapshot = node.Peer.Snapshot!.Value.Meta;
        node.Acknowledge(A);
        InstallSnapshot piece = Refuse(node);
        long offset = 0;
        while (true)
        {
            Assert.Equal((snapshot, offset), (piece.Snapshot, piece.Offset));
            Assert.InRange(piece.Data.Length, 1, 50);
            offset += piece.Data.Length;
            if (piece.IsLast)
            {
                break;
            }

            node.Step(new InstallSnapshotReply(B, Self, node.Node.Term, snapshot.Last, offset, IsInstalled: false));
            piece = Assert.Single(node.Take<InstallSnapshot>());
        }

        Assert.Equal(snapshot.SizeBytes, offset);
        node.Node.Propose(new byte[] { 1 });
        node.Settle();
        Assert.DoesNotContain(node.Take<AppendEntries>(), append => append.To == B);
        node.Step(new InstallSnapshotReply(B, Self, node.Node.Term, snapshot.Last, 0, IsInstalled: true));
        AppendEntries next = Assert.Single(node.Take<AppendEntries>(), append => append.To == B);
        Assert.Equal(snapshot.Last, next.Previous);
    }

    [Fact]
    public void A_lost_piece_is_sent_again_while_the_follower_lives()
    {
        Lone node = LeaderWithLaggard();
        InstallSnapshot first = Refuse(node);
        for (int i = 0; i < 30 && !node.Taken.OfType<InstallSnapshot>().Any(); i++)
        {
            node.Tick();
            node.AnswerHeartbeats(A, B);
        }

        Assert.Equal(first.Offset, Assert.Single(node.Take<InstallSnapshot>()).Offset);
        // A silent one is left alone.
        for (int i = 0; i < 50; i++)
        {
            node.Tick();
            node.AnswerHeartbeats(A);
        }

        Assert.Empty(node.Take<InstallSnapshot>());
    }

    [Fact]
    public void A_follower_that_lost_its_pieces_says_where_to_go_on()
    {
        Lone node = LeaderWithLaggard();
        InstallSnapshot first = Refuse(node);
        node.Step(new InstallSnapshotReply(B, Self, node.Node.Term, first.Snapshot.Last, 50, IsInstalled: false));
        Assert.Equal(50, Assert.Single(node.Take<InstallSnapshot>()).Offset);
        node.Step(new InstallSnapshotReply(B, Self, node.Node.Term, first.Snapshot.Last, 50, IsInstalled: false));
        Assert.Empty(node.Take<InstallSnapshot>());
        node.Step(new InstallSnapshotReply(B, Self, node.Node.Term, first.Snapshot.Last, 0, IsInstalled: false));
        Assert.Equal(0, Assert.Single(node.Take<InstallSnapshot>()).Offset);
    }

    /// <summary>§7: the follower stores the pieces, replaces its log, loads the state, and acknowledges when that is durable.</summary>
    [Fact]
    public void A_follower_installs_a_snapshot()
    {
        Lone node = new(hardState: new HardState(new Term(2), default, new LogIndex(2)), entries: [Entry(2, 2), Entry(2, 3)]);
        byte[] data = SavedState(applied: 40, state: 99);
        SnapshotMeta meta = new(Id(3, 40), Cluster(voters: 4), new LogIndex(33), data.Length, 0);
        node.Step(new InstallSnapshot(A, Self, new Term(4), meta, 0, data.AsMemory(0, 60)));
        Assert.Equal((60L, false), Assert.Single(node.Take<InstallSnapshotReply>()) is var reply ? (reply.NextOffset, reply.IsInstalled) : default);
        Assert.Equal(Id(2, 3), node.Node.LastEntry);
        node.Node.Step(new InstallSnapshot(A, Self, new Term(4), meta, 60, data.AsMemory(60)));
        node.Peer.TakeReadys();
        node.Peer.FinishSnapshotIo();
        node.Peer.TakeReadys();
        Assert.Empty(node.Peer.Outbox.OfType<InstallSnapshotReply>());
        node.Settle();
        Assert.True(Assert.Single(node.Take<InstallSnapshotReply>()).IsInstalled);
        Assert.Equal((Id(3, 40), 40UL, 40UL), (node.Node.LastEntry, node.Node.CommitIndex.Value, node.Peer.Machine.Applied.Value));
        Assert.Equal((99UL, Cluster(voters: 4), 33UL), (node.Peer.Machine.State, node.Node.Configuration, node.Node.ConfigurationIndex.Value));
        Assert.Equal((Id(3, 40), 0), (node.Peer.Disk.Start, node.Peer.Disk.Entries.Count));
        node.Step(node.Append(term: 4, Id(3, 40), commit: 41, Entry(4, 41)));
        Assert.Equal(41UL, node.Peer.Machine.Applied.Value);
    }

    /// <summary>§7: a snapshot of what the log already has only moves the commit index.</summary>
    [Fact]
    public void A_snapshot_of_known_entries_keeps_the_log()
    {
        Lone node = new(hardState: new HardState(new Term(2), default, default), entries: [Entry(2, 2), Entry(2, 3), Entry(2, 4)]);
        SnapshotMeta meta = new(Id(2, 3), Cluster(voters: 3), new LogIndex(1), 100, 0);
        node.Step(new InstallSnapshot(A, Self, new Term(2), meta, 0, new byte[50]));
        Assert.True(Assert.Single(node.Take<InstallSnapshotReply>()).IsInstalled);
        Assert.Equal((Id(2, 4), 3UL), (node.Node.LastEntry, node.Node.CommitIndex.Value));
        node.Step(new InstallSnapshot(A, Self, new Term(2), meta with { Last = Id(2, 2) }, 0, new byte[50]));
        Assert.True(Assert.Single(node.Take<InstallSnapshotReply>()).IsInstalled);
    }

    /// <summary>A transfer goes on where it stopped, under another leader and over a restart.</summary>
    [Fact]
    public void A_transfer_is_resumed_after_a_restart()
    {
        Lone node = new();
        byte[] data = SavedState(applied: 40, state: 99);
        SnapshotMeta meta = new(Id(3, 40), Cluster(voters: 3), new LogIndex(1), data.Length, 0);
        node.Step(new InstallSnapshot(A, Self, new Term(4), meta, 0, data.AsMemory(0, 60)));
        node.Peer.Crash(new RaftRandom(1));
        node.Peer.Start(seed: 5);
        node.Taken.Clear();
        node.Step(new InstallSnapshot(B, Self, new Term(5), meta, 0, data.AsMemory(0, 50)));
        Assert.Equal(60, Assert.Single(node.Take<InstallSnapshotReply>()).NextOffset);
        node.Step(new InstallSnapshot(B, Self, new Term(5), meta, 60, data.AsMemory(60)));
        Assert.True(Assert.Single(node.Take<InstallSnapshotReply>()).IsInstalled);
        Assert.Equal(99UL, node.Peer.Machine.State);
    }

    /// <summary>A piece that the host has not stored yet is not stored twice.</summary>
    [Fact]
    public void A_doubled_piece_is_ignored_while_it_is_written()
    {
        Lone node = new();
        SnapshotMeta meta = new(Id(3, 40), Cluster(voters: 3), new LogIndex(1), 116, 0);
        InstallSnapshot piece = new(A, Self, new Term(4), meta, 0, new byte[50]);
        node.Node.Step(piece);
        node.Node.Step(piece);
        Assert.True(node.Node.TryTakeReady(out Ready? ready));
        Assert.NotNull(ready.SnapshotWrite);
        node.Node.Step(piece);
        Assert.False(node.Node.TryTakeReady(out Ready? next) && next.SnapshotWrite is not null);
        node.Node.SnapshotChunkWriteFailed(ready.SnapshotWrite, "disk full");
        node.Node.Step(piece);
        Assert.True(node.Node.TryTakeReady(out next) && next.SnapshotWrite is not null);
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_is_tried_again_later_from_the_newest()
    {
        Lone node = LeaderWithLaggard();
        node.Acknowledge(A);
        node.Node.Step(RefusalOf(node));
        Assert.True(node.Node.TryTakeReady(out Ready? ready));
        node.Node.SnapshotChunkReadFailed(Assert.Single(ready.SnapshotReads), "displaced");
        node.Settle();
        Assert.Empty(node.Take<InstallSnapshot>());
        for (int i = 0; i < 30 && node.Taken.OfType<InstallSnapshot>().FirstOrDefault() is null; i++)
        {
            node.Tick();
            node.AnswerHeartbeats(A, B);
        }

        Assert.Equal(0, Assert.Single(node.Take<InstallSnapshot>()).Offset);
    }

    [Fact]
    public void A_snapshot_ahead_of_what_was_applied_stops_the_peer()
    {
        Lone node = Leader(entries: 1);
        SnapshotMeta meta = new(node.Node.LastEntry with { Index = node.Node.LastEntry.Index.Next }, Cluster(voters: 3), new LogIndex(1), 1, 0);
        Assert.Throws<RaftInvariantException>(() => node.Node.SnapshotTaken(meta));
    }

    /// <summary>Memory is bounded: what is saved and applied is read back from storage for a follower that is far behind.</summary>
    [Fact]
    public void Old_entries_come_from_storage()
    {
        Lone node = new Lone(options: Options with { CacheEntries = 3 }).LeadAndCommit();
        for (int i = 0; i < 50; i++)
        {
            node.Node.Propose(new byte[] { (byte)i });
            node.Settle();
            node.Acknowledge(A);
        }

        int before = node.Peer.Disk.ReadCount;
        node.Taken.Clear();
        node.Node.Step(new AppendEntriesReply(B, Self, node.Node.Term, IsSuccess: false, new LogIndex(40), Id(1, 2)));
        AppendEntries append = Assert.Single(node.Take<AppendEntries>(), append => append.To == B);
        Assert.True(node.Peer.Disk.ReadCount > before);
        Assert.Equal(append.Previous.Index.Next, append.Entries.Span[0].Index);
    }

    private static Lone Leader(int entries)
    {
        Lone node = new Lone(options: s_options).LeadAndCommit();
        for (int i = 0; i < entries; i++)
        {
            node.Node.Propose(new byte[] { (byte)i });
        }

        node.Settle();
        node.Acknowledge(A);
        return node;
    }

    /// <summary>B is behind and what it needs is compacted.</summary>
    private static Lone LeaderWithLaggard()
    {
        Lone node = Leader(entries: 10);
        node.Peer.TakeSnapshot();
        node.Settle();
        node.Taken.Clear();
        return node;
    }

    private static AppendEntriesReply RefusalOf(Lone node) =>
        new(B, Self, node.Node.Term, IsSuccess: false, node.Node.LastEntry.Index, Id(1, 1));

    private static InstallSnapshot Refuse(Lone node)
    {
        node.Step(RefusalOf(node));
        return Assert.Single(node.Take<InstallSnapshot>());
    }

    private static byte[] SavedState(ulong applied, ulong state)
    {
        byte[] data = new SimulatedMachine().Save();
        BitConverter.TryWriteBytes(data, applied);
        BitConverter.TryWriteBytes(data.AsSpan(8), state);
        return data;
    }
}
