using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>Log and snapshots together: bootstrap, lock, and what happens when they disagree.</summary>
public sealed class RaftStorageTests
{
    private const string Root = "/raft";

    private static readonly RaftConfiguration s_servers = new([new RaftServer(new ServerId("a"), "10.0.0.1:8300")]);

    [Fact]
    public async Task A_pristine_peer_is_bootstrapped_once()
    {
        SimulatedFileSystem files = new();
        await using (RaftStorage storage = await RaftStorage.OpenAsync(files, Root))
        {
            Assert.True(storage.IsPristine);
            Assert.True(await storage.BootstrapAsync(s_servers));
            Assert.False(storage.IsPristine);
            Assert.False(await storage.BootstrapAsync(s_servers));
        }

        await using RaftStorage reopened = await RaftStorage.OpenAsync(files, Root);
        Assert.False(reopened.IsPristine);
        RaftNode node = new(new RaftOptions { Seed = 1 }, new ServerId("a"), reopened.InitialState(), reopened.Log);
        Assert.Equal(s_servers, node.Configuration);
        Assert.Equal((1UL, 1UL), (node.Term.Value, node.LastEntry.Index.Value));
    }

    [Fact]
    public async Task In_memory_it_behaves_the_same()
    {
        await using RaftStorage storage = RaftStorage.InMemory();
        Assert.True(storage.IsPristine);
        Assert.True(await storage.BootstrapAsync(s_servers));
        Assert.False(await storage.BootstrapAsync(s_servers));
        RaftNode node = new(new RaftOptions { Seed = 1 }, new ServerId("a"), storage.InitialState(), storage.Log);
        Assert.Equal(s_servers, node.Configuration);
    }

    [Fact]
    public async Task A_directory_is_opened_by_one_process_at_a_time()
    {
        SimulatedFileSystem files = new();
        await using (await RaftStorage.OpenAsync(files, Root))
        {
            await Assert.ThrowsAsync<StorageLockedException>(() => RaftStorage.OpenAsync(files, Root));
        }

        await using RaftStorage again = await RaftStorage.OpenAsync(files, Root);
        Assert.True(again.IsPristine);
    }

    /// <summary>Crash between publishing a received snapshot and resetting the log.</summary>
    [Theory]
    [InlineData(5UL, 50UL, 3UL, true, "the log ends before the snapshot")]
    [InlineData(80UL, 50UL, 9UL, true, "the log has another entry there")]
    [InlineData(80UL, 50UL, 3UL, false, "the log has that entry and goes on")]
    public async Task A_snapshot_that_the_log_does_not_contain_wins(ulong logEnd, ulong snapshotIndex, ulong snapshotTerm, bool isReset, string why)
    {
        SimulatedFileSystem files = new();
        await using (RaftStorage storage = await RaftStorage.OpenAsync(files, Root))
        {
            await FillAsync(storage, logEnd);
            Publish(storage, snapshotIndex, snapshotTerm);
        }

        await using RaftStorage reopened = await RaftStorage.OpenAsync(files, Root);
        EntryId snapshot = new(new Term(snapshotTerm), new LogIndex(snapshotIndex));
        Assert.True((reopened.Log.Last == snapshot) == isReset, why);
        Assert.Equal(isReset ? snapshot : default, reopened.Log.Start);
        RaftNode node = new(new RaftOptions { Seed = 1 }, new ServerId("a"), reopened.InitialState(), reopened.Log);
        Assert.Equal(snapshotIndex, node.AppliedIndex.Value);
        Assert.True(node.CommitIndex.Value >= snapshotIndex);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_no_loss_while_the_log_covers_it()
    {
        SimulatedFileSystem files = new();
        await using (RaftStorage storage = await RaftStorage.OpenAsync(files, Root))
        {
            await FillAsync(storage, last: 80);
            Publish(storage, index: 30, term: 3);
            Publish(storage, index: 60, term: 3);
            await storage.Log.CompactAsync(new EntryId(new Term(3), new LogIndex(20)));
        }

        FlipNewestSnapshot(files);
        await using RaftStorage reopened = await RaftStorage.OpenAsync(files, Root);
        Assert.Equal(30UL, reopened.InitialState().Snapshot!.Last.Index.Value);
        Assert.Contains("checksum", reopened.Warning!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_snapshot_whose_entries_are_gone_is_refused()
    {
        SimulatedFileSystem files = new();
        await using (RaftStorage storage = await RaftStorage.OpenAsync(files, Root))
        {
            await FillAsync(storage, last: 80);
            Publish(storage, index: 30, term: 3);
            Publish(storage, index: 60, term: 3);
            await storage.Log.CompactAsync(new EntryId(new Term(3), new LogIndex(50)));
        }

        FlipNewestSnapshot(files);
        StorageDamagedException problem = await Assert.ThrowsAsync<StorageDamagedException>(() => RaftStorage.OpenAsync(files, Root));
        Assert.Contains(".snap", problem.Path, StringComparison.Ordinal);
        // The failed opening has let go of the directory.
        files.Lock(Path.Combine(Root, "lock")).Dispose();
    }

    [Fact]
    public async Task A_compacted_log_without_its_snapshot_is_refused()
    {
        SimulatedFileSystem files = new();
        await using (RaftStorage storage = await RaftStorage.OpenAsync(files, Root))
        {
            await FillAsync(storage, last: 80);
            Publish(storage, index: 60, term: 3);
            await storage.Log.CompactAsync(new EntryId(new Term(3), new LogIndex(50)));
        }

        foreach (string name in files.List(Path.Combine(Root, "snapshots")))
        {
            files.Delete(Path.Combine(Root, "snapshots", name));
        }

        await Assert.ThrowsAsync<StorageDamagedException>(() => RaftStorage.OpenAsync(files, Root));
    }

    /// <summary>One peer on real files: proposals, restart, snapshot, restart again.</summary>
    [Fact]
    public async Task A_peer_on_real_files_keeps_what_it_committed()
    {
        string root = Directory.CreateTempSubdirectory("k8sconsul-raft-").FullName;
        try
        {
            ulong committed;
            await using (RaftStorage storage = await RaftStorage.OpenFilesAsync(root))
            {
                await storage.BootstrapAsync(s_servers);
                RaftNode node = await ElectAsync(storage);
                for (int i = 0; i < 100; i++)
                {
                    Assert.True(node.Propose(new byte[100]).IsAccepted);
                    await DriveAsync(node, storage);
                }

                committed = node.CommitIndex.Value;
                Assert.Equal(102UL, committed);
                Assert.Equal(committed, node.AppliedIndex.Value);
            }

            await using (RaftStorage storage = await RaftStorage.OpenFilesAsync(root))
            {
                Assert.Null(storage.TornTail);
                RaftNode node = await ElectAsync(storage);
                Assert.Equal(committed + 1, node.CommitIndex.Value);
                using ISnapshotWriter writer = storage.Snapshots.Create(new EntryId(node.Term, node.AppliedIndex), node.Configuration, node.ConfigurationIndex);
                writer.Write("all of it"u8);
                node.SnapshotTaken(writer.Publish());
                await DriveAsync(node, storage);
            }

            await using RaftStorage last = await RaftStorage.OpenFilesAsync(root);
            Assert.Equal(committed + 1, last.InitialState().Snapshot!.Last.Index.Value);
            Assert.Equal(committed + 1, last.Log.Start.Index.Value);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<RaftNode> ElectAsync(RaftStorage storage)
    {
        RaftNode node = new(new RaftOptions { TrailingEntries = 0, Seed = 1 }, new ServerId("a"), storage.InitialState(), storage.Log);
        while (node.Role != RaftRole.Leader)
        {
            node.Tick();
            await DriveAsync(node, storage);
        }

        return node;
    }

    private static async Task DriveAsync(RaftNode node, RaftStorage storage)
    {
        while (node.TryTakeReady(out Ready? ready))
        {
            if (ready.NeedsSave)
            {
                await storage.Log.AppendAsync(LogWrite.From(ready));
            }

            node.Advance(ready);
            if (ready.CompactTo is { } last)
            {
                await storage.Log.CompactAsync(last);
            }
        }
    }

    private static async Task FillAsync(RaftStorage storage, ulong last)
    {
        RaftEntry[] entries = new RaftEntry[last];
        entries[0] = new RaftEntry(new Term(3), new LogIndex(1), EntryType.Configuration, s_servers.Encode());
        for (ulong i = 2; i <= last; i++)
        {
            entries[i - 1] = new RaftEntry(new Term(3), new LogIndex(i), EntryType.Command, new byte[] { 1 });
        }

        await storage.Log.AppendAsync(new LogWrite(null, new HardState(new Term(3), default, default), entries));
    }

    private static void Publish(RaftStorage storage, ulong index, ulong term)
    {
        using ISnapshotWriter writer = storage.Snapshots.Create(new EntryId(new Term(term), new LogIndex(index)), s_servers, new LogIndex(1));
        writer.Write("data"u8);
        writer.Publish();
    }

    private static void FlipNewestSnapshot(SimulatedFileSystem files)
    {
        string directory = Path.Combine(Root, "snapshots");
        files.Flip(Path.Combine(directory, files.List(directory)[^1]), 1, 1);
    }
}
