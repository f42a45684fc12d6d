using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Snapshots;
using K8sConsul.Storage;

namespace K8sConsul.Server.Tests.Consensus;

/// <summary>One server: order, back-pressure, snapshots, failure.</summary>
public sealed class RaftHostTests
{
    [Fact]
    public async Task Writes_are_applied_in_the_order_in_which_they_were_proposed_and_seen_by_whoever_was_answered()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        var proposed = new List<Task<ApplyOutcome>>();
        for (int i = 0; i < 500; i++)
        {
            proposed.Add(peer.Host.ApplyAsync(TestPeer.Put($"k{i}", $"{i}")).AsTask());
        }

        ulong before = 0;
        for (int i = 0; i < proposed.Count; i++)
        {
            ApplyOutcome outcome = await proposed[i].InTimeAsync();
            Assert.Equal($"{i}", peer.Value($"k{i}"));
            Assert.True(outcome.Index > before);
            Assert.Equal(outcome.Index, peer.Store.Current.KvGet($"k{i}").Entry!.ModifyIndex);
            before = outcome.Index;
        }
    }

    [Fact]
    public async Task What_does_not_fit_the_queue_is_refused_and_the_rest_is_done()
    {
        await using TestPeer peer = await TestPeer.AloneAsync(configure: o => o with { InputsMax = 8 });
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task<bool> blocking = peer.Host.CallAsync(_ =>
        {
            inside.Set();
            return release.Wait(TimeSpan.FromSeconds(60));
        });
        await Task.Run(() => inside.Wait(TimeSpan.FromSeconds(60)));
        Task<ApplyOutcome>[] proposed = [.. Enumerable.Range(0, 50).Select(i => peer.Host.ApplyAsync(TestPeer.Put($"k{i}")).AsTask())];
        ConsensusException read = await Assert.ThrowsAsync<ConsensusException>(() => peer.Host.ReadBarrierAsync(ReadMode.Lease, default).InTimeAsync());
        Assert.Equal(ConsensusFailure.Overloaded, read.Failure);
        ConsensusException call = await Assert.ThrowsAsync<ConsensusException>(() => peer.Host.CallAsync(static _ => 1).InTimeAsync());
        Assert.Equal(ConsensusFailure.Overloaded, call.Failure);
        release.Set();
        Assert.True(await blocking.InTimeAsync());
        int done = 0;
        for (int i = 0; i < proposed.Length; i++)
        {
            try
            {
                await proposed[i].InTimeAsync();
                done++;
                Assert.NotNull(peer.Value($"k{i}"));
            }
            catch (ConsensusException refused)
            {
                Assert.Equal(ConsensusFailure.Overloaded, refused.Failure);
                Assert.Null(peer.Value($"k{i}"));
            }
        }

        Assert.InRange(done, 1, 8);
    }

    /// <summary>
    /// The disk's and the applier's answers to the core may not be lost in a full queue: then the last write that was taken would
    /// never be committed.
    /// </summary>
    [Fact]
    public async Task Under_overload_every_write_that_was_taken_ends()
    {
        using var directory = new TemporaryDirectory();
        await using TestPeer peer = await TestPeer.AloneAsync(
            await RaftStorage.OpenFilesAsync(directory.Path),
            o => o with { InputsMax = 2, Tick = TimeSpan.FromMilliseconds(500) });
        async Task<int> WriteAsync(int writer)
        {
            int accepted = 0;
            for (int i = 0; i < 200; i++)
            {
                try
                {
                    await peer.Host.ApplyAsync(TestPeer.Put($"{writer}/{i}")).InTimeAsync();
                    accepted++;
                }
                catch (ConsensusException refused)
                {
                    Assert.Equal(ConsensusFailure.Overloaded, refused.Failure);
                }
            }

            return accepted;
        }

        int[] taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(w => Task.Run(() => WriteAsync(w)))).InTimeAsync();
        Assert.Equal(taken.Sum(), peer.Store.Current.KvCount);
        Assert.NotEqual(0, taken.Sum());
    }

    [Fact]
    public async Task Snapshots_are_taken_while_writes_go_on_and_a_restart_finds_everything()
    {
        using var directory = new TemporaryDirectory();
        static RaftHostOptions Often(RaftHostOptions o) => o with
        {
            SnapshotThreshold = 40,
            SnapshotInterval = TimeSpan.FromMilliseconds(5),
            Raft = o.Raft with { TrailingEntries = 5 },
        };
        ulong applied;
        await using (TestPeer peer = await TestPeer.AloneAsync(await RaftStorage.OpenFilesAsync(directory.Path), Often))
        {
            int written = 0;
            while (peer.Storage.Snapshots.List().Count < 2 || peer.Storage.Log.Start.Index.Value == 0)
            {
                await peer.Host.ApplyAsync(TestPeer.Put($"k{written}", $"{written}")).InTimeAsync();
                written++;
                Assert.True(written < 100_000, "no snapshot was taken");
            }

            Assert.Equal(written, peer.Store.Current.KvCount);
            applied = peer.Host.AppliedIndex;
            await peer.Host.ApplyAsync(TestPeer.Put("count", $"{written}")).InTimeAsync();
        }

        await using var again = new TestPeer("s1", new TestNetwork(), await RaftStorage.OpenFilesAsync(directory.Path), Often);
        again.Host.Start();
        await Eventually.TrueAsync(() => again.Host.HoldsLease(out _) && again.Value("count") is not null, "the restarted server leads");
        int count = int.Parse(again.Value("count")!);
        Assert.Equal(count + 1, again.Store.Current.KvCount);
        Assert.Equal($"{count - 1}", again.Value($"k{count - 1}"));
        Assert.True(again.Host.AppliedIndex > applied);
        Assert.False(await again.Host.BootstrapAsync(new RaftConfiguration([again.Server])));
    }

    /// <summary>A snapshot in the middle of a restore would lack the pieces before it, and whoever starts from it could not finish.</summary>
    [Fact]
    public async Task While_a_restore_is_under_way_no_snapshot_is_taken()
    {
        byte[] archive = Archive("restored", "yes");
        await using TestPeer peer = await TestPeer.AloneAsync();
        await peer.Host.ApplyAsync(TestPeer.Put("before"));
        await peer.Host.ApplyAsync(new RestoreCommand("r1", RestoreStep.Begin, []));
        await peer.Host.ApplyAsync(new RestoreCommand("r1", RestoreStep.Piece, archive[..10]));
        Assert.True(peer.Host.Applied.IsRestoring);
        await peer.Host.TakeSnapshotAsync(default).InTimeAsync();
        Assert.Empty(peer.Storage.Snapshots.List());
        await peer.Host.ApplyAsync(new RestoreCommand("r1", RestoreStep.Piece, archive[10..]));
        Assert.Equal("v", peer.Value("before"));
        ApplyOutcome outcome = await peer.Host.ApplyAsync(new RestoreCommand("r1", RestoreStep.Commit, []));
        Assert.Null(outcome.Result.Refused);
        Assert.Equal((null, "yes"), (peer.Value("before"), peer.Value("restored")));
        await peer.Host.TakeSnapshotAsync(default).InTimeAsync();
        Assert.Single(peer.Storage.Snapshots.List());
    }

    [Fact]
    public async Task A_disk_that_failed_stops_the_server_and_nobody_waits_for_ever()
    {
        using var directory = new TemporaryDirectory();
        var files = new FailingFileSystem();
        await using TestPeer peer = await TestPeer.AloneAsync(await RaftStorage.OpenAsync(files, directory.Path));
        await peer.Host.ApplyAsync(TestPeer.Put("a")).InTimeAsync();
        files.HasFailed = true;
        Task<ApplyOutcome>[] writes = [.. Enumerable.Range(0, 20).Select(i => peer.Host.ApplyAsync(TestPeer.Put($"k{i}")).AsTask())];
        foreach (Task<ApplyOutcome> write in writes)
        {
            await Assert.ThrowsAsync<ConsensusException>(write.InTimeAsync);
        }

        await Assert.ThrowsAnyAsync<StorageException>(peer.Host.Completed.InTimeAsync);
        await AssertStoppedAsync(peer);
        Assert.Null(peer.Value("k0"));
    }

    [Fact]
    public async Task A_disk_that_fails_at_the_bootstrap_is_told_to_who_asked_for_it()
    {
        using var directory = new TemporaryDirectory();
        var files = new FailingFileSystem();
        await using var peer = new TestPeer("s1", new TestNetwork(), await RaftStorage.OpenAsync(files, directory.Path));
        files.HasFailed = true;
        peer.Host.Start();
        await Assert.ThrowsAsync<ConsensusException>(() => peer.Host.BootstrapAsync(new RaftConfiguration([peer.Server])).InTimeAsync());
        await Assert.ThrowsAnyAsync<StorageException>(peer.Host.Completed.InTimeAsync);
    }

    /// <summary>An entry that this version cannot read: to skip it would make this replica differ from the others.</summary>
    [Fact]
    public async Task A_committed_entry_that_cannot_be_read_stops_the_server_and_nobody_waits_for_ever()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        using var release = new ManualResetEventSlim();
        Task blocking = peer.Host.CallAsync(_ => release.Wait(TimeSpan.FromSeconds(60)));
        Task<ApplyOutcome>[] writes =
        [
            peer.Host.ApplyAsync(TestPeer.Put("before")).AsTask(),
            peer.Host.ApplyAsync(new Garbage()).AsTask(),
            peer.Host.ApplyAsync(TestPeer.Put("after")).AsTask(),
        ];
        release.Set();
        await blocking.InTimeAsync();
        foreach (Task<ApplyOutcome> write in writes)
        {
            await Assert.ThrowsAsync<ConsensusException>(write.InTimeAsync);
        }

        await Assert.ThrowsAsync<StateInvariantException>(peer.Host.Completed.InTimeAsync);
        await AssertStoppedAsync(peer);
    }

    [Fact]
    public async Task A_server_that_stops_fails_what_waits()
    {
        var network = new TestNetwork();
        var peer = new TestPeer("s1", network);
        peer.Host.Start();
        Assert.True(await peer.Host.BootstrapAsync(new RaftConfiguration([peer.Server, new RaftServer(new ServerId("s2"), "s2:1"), new RaftServer(new ServerId("s3"), "s3:1")])));
        ConsensusException none = await Assert.ThrowsAsync<ConsensusException>(() => peer.Host.ApplyAsync(TestPeer.Put("a")).InTimeAsync());
        Assert.Equal(ConsensusFailure.NoLeader, none.Failure);
        Task waiting = peer.Host.WaitAppliedAsync(1_000, default).AsTask();
        await peer.DisposeAsync();
        await Assert.ThrowsAsync<ConsensusException>(waiting.InTimeAsync);
        await AssertStoppedAsync(peer);
        Assert.True(peer.Host.Completed.IsCompletedSuccessfully);
    }

    private static async Task AssertStoppedAsync(TestPeer peer)
    {
        foreach (Func<Task> call in new Func<Task>[]
        {
            () => peer.Host.ApplyAsync(TestPeer.Put("late")).InTimeAsync(),
            () => peer.Host.CallAsync(static _ => 1).InTimeAsync(),
            () => peer.Host.ReadBarrierAsync(ReadMode.Lease, default).InTimeAsync(),
            () => peer.Host.WaitAppliedAsync(1_000_000, default).InTimeAsync(),
            () => peer.Host.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, new ServerId("x")), default).InTimeAsync(),
            () => peer.Host.TransferLeadershipAsync(ServerId.None, default).InTimeAsync(),
            () => peer.Host.BootstrapAsync(RaftConfiguration.Empty).InTimeAsync(),
        })
        {
            ConsensusException failure = await Assert.ThrowsAsync<ConsensusException>(call);
            Assert.Equal(ConsensusFailure.Stopping, failure.Failure);
        }

        Assert.False(peer.Host.HoldsLease(out _));
    }

    private static byte[] Archive(string key, string value)
    {
        var store = new StateStore();
        store.Apply(1, TestPeer.Put(key, value));
        store.Publish();
        return [.. SnapshotWriter.Write(store.Current).SelectMany(piece => piece.ToArray())];
    }

    private sealed record Garbage : StateCommand
    {
        public override CommandType Type => CommandType.Kv;

        protected override void WriteBody(MessagePack.MsgPackWriter writer) => writer.WriteText("no map");
    }
}
