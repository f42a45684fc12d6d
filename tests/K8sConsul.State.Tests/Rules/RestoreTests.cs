using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Restoring a snapshot through the log, and how indexes go on from there.</summary>
public sealed class RestoreTests
{
    private static byte[] Write(StateSnapshot state)
    {
        var bytes = new MemoryStream();
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(state))
        {
            bytes.Write(piece.Span);
        }

        return bytes.ToArray();
    }

    private static StateSnapshot Read(byte[] bytes)
    {
        var reader = new SnapshotReader();
        reader.Feed(bytes);
        return reader.Finish();
    }

    /// <summary>The archive of a cluster that has been running for a long time.</summary>
    private static byte[] Archive(ulong index)
    {
        var store = new StateStore();
        store.Apply(index - 2, new KvCommand(KvVerb.Set, TestStore.Entry("a/old", "1")));
        store.Apply(index - 1, new RegisterCommand { Node = TestStore.NodeOf("n"), Service = new ServiceRecord { Node = "n", Id = "web", Service = "web" } });
        store.Apply(index, new KvCommand(KvVerb.Set, TestStore.Entry("a/last", "2")));
        store.Publish();
        return Write(store.Current);
    }

    private static CommandResult Restore(TestStore store, byte[] archive, string name = "r", int pieceBytes = 37)
    {
        store.Apply(new RestoreCommand(name, RestoreStep.Begin, []));
        for (int at = 0; at < archive.Length; at += pieceBytes)
        {
            store.Apply(new RestoreCommand(name, RestoreStep.Piece, archive[at..Math.Min(archive.Length, at + pieceBytes)]));
        }

        return store.Run(new RestoreCommand(name, RestoreStep.Commit, []));
    }

    [Fact]
    public void Readers_see_the_old_state_until_the_commit_and_are_woken_by_it()
    {
        var store = new TestStore();
        store.Put("mine");
        byte[] archive = Archive(50);
        using var watches = new WatchSet();
        store.Now.WatchRestore(watches);
        store.Apply(new RestoreCommand("r", RestoreStep.Begin, []));
        store.Apply(new RestoreCommand("r", RestoreStep.Piece, archive));
        Assert.NotNull(store.Kv("mine"));
        Assert.True(store.Store.IsRestoring);
        Assert.False(watches.Signalled.IsCompleted);
        store.Apply(new RestoreCommand("r", RestoreStep.Commit, []));
        Assert.Null(store.Kv("mine"));
        Assert.NotNull(store.Kv("a/old"));
        Assert.False(store.Store.IsRestoring);
        Assert.True(watches.Signalled.IsCompleted);
    }

    /// <summary>A backup restored into a young cluster, whose log is far behind the backup's indexes.</summary>
    [Fact]
    public void Changes_after_a_restore_have_higher_indexes_than_all_that_was_restored()
    {
        var store = new TestStore();
        Assert.Null(Restore(store, Archive(1_000_000)).Refused);
        Assert.Equal(1_000_000UL, store.Now.KvList("a/").Index);
        Assert.Equal(1_000_000UL, store.Now.AppliedIndex);
        using var watches = new WatchSet();
        ulong before = store.Now.KvList("a/", watches).Index;
        ulong health = store.Now.ServiceHealth("web").Index;
        store.Put("a/old", "changed");
        Assert.True(watches.Signalled.IsCompleted);
        Assert.Equal(before + 1, store.Now.KvList("a/").Index);
        Assert.Equal(before + 1, store.Kv("a/old")!.ModifyIndex);
        store.Deregister("n", service: "web");
        Assert.True(store.Now.ServiceHealth("web").Index > health);
    }

    [Fact]
    public void A_state_with_lower_indexes_goes_on_with_those_of_the_log()
    {
        var store = new TestStore();
        Restore(store, Archive(50));
        Assert.Equal(store.Index, store.Now.AppliedIndex);
        Assert.Equal(store.Index + 1, store.Put("k"));
        Assert.Equal(store.Index, store.Kv("k")!.ModifyIndex);
    }

    [Fact]
    public void Indexes_never_fall_behind_those_given_out_before_a_second_restore()
    {
        var store = new TestStore();
        Restore(store, Archive(1_000_000));
        store.Put("k");
        ulong given = store.Now.AppliedIndex;
        Restore(store, Archive(500), name: "second");
        store.Put("k");
        Assert.True(store.Kv("k")!.ModifyIndex > given);
    }

    /// <summary>One replica restores through the log, another takes that replica's snapshot; both go on alike.</summary>
    [Fact]
    public void A_replica_that_starts_from_a_snapshot_gives_the_same_indexes()
    {
        var first = new TestStore();
        Restore(first, Archive(1_000_000));
        first.Put("k", "1");
        var second = new StateStore();
        second.Replace(Read(Write(first.Now)), first.Index);
        KvCommand next = new(KvVerb.Set, TestStore.Entry("k", "2"));
        ulong index = first.Apply(next);
        second.Apply(index, next);
        second.Publish();
        Assert.Equal(first.Kv("k")!.ModifyIndex, second.Current.KvGet("k").Entry!.ModifyIndex);
        Assert.Equal(Write(first.Now), Write(second.Current));
        Assert.Throws<StateInvariantException>(() => second.Apply(index, next));
    }

    [Theory]
    [InlineData(RestoreStep.Piece)]
    [InlineData(RestoreStep.Commit)]
    public void Steps_of_a_restore_that_another_overtook_are_refused(RestoreStep step)
    {
        var store = new TestStore();
        store.Put("mine");
        store.Apply(new RestoreCommand("first", RestoreStep.Begin, []));
        store.Apply(new RestoreCommand("second", RestoreStep.Begin, []));
        Assert.Equal("restore was overtaken by another one", store.Run(new RestoreCommand("first", step, [])).Refused);
        Assert.True(store.Store.IsRestoring);
        store.Apply(new RestoreCommand(string.Empty, RestoreStep.Begin, []));
        Assert.False(store.Store.IsRestoring);
        Assert.NotNull(store.Run(new RestoreCommand("second", step, [])).Refused);
        Assert.NotNull(store.Kv("mine"));
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_changes_nothing()
    {
        var store = new TestStore();
        store.Put("mine");
        byte[] archive = Archive(50);
        Assert.Equal("failed to restore snapshot: the snapshot ends within a record", Restore(store, archive[..^1]).Refused);
        Assert.False(store.Store.IsRestoring);
        Assert.NotNull(store.Kv("mine"));
        store.Put("later");
        Assert.Equal(store.Index, store.Kv("later")!.ModifyIndex);
    }

    [Fact]
    public void A_step_that_does_not_exist_is_refused_by_the_decoder()
    {
        byte[] entry = [200, 0x81, 0xa4, .. "Step"u8, 3];
        Assert.Throws<MessagePack.MsgPackFormatException>(() => StateCommand.Decode(entry));
    }
}
