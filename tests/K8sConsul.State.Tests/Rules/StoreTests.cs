using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Publishing, order of entries, replacement of the whole state, and coordinates.</summary>
public sealed class StoreTests
{
    private static KvCommand Put(string key) => new(KvVerb.Set, TestStore.Entry(key, "v"));

    [Fact]
    public void Applied_commands_are_seen_together_when_they_are_published()
    {
        var store = new StateStore();
        using var watches = new WatchSet();
        store.Current.KvList(string.Empty, watches);
        store.Apply(1, Put("a"));
        store.Apply(2, Put("b"));
        Assert.Equal(0, store.Current.KvCount);
        Assert.False(watches.Signalled.IsCompleted);
        store.Publish();
        Assert.Equal((2, 2UL), (store.Current.KvCount, store.Current.AppliedIndex));
        Assert.True(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void A_watch_on_a_version_between_two_publications_is_woken_by_the_second()
    {
        var store = new StateStore();
        store.Apply(1, Put("a"));
        store.Publish();
        using var watches = new WatchSet();
        store.Current.KvGet("a", watches);
        store.Apply(2, Put("b"));
        store.Apply(3, new KvCommand(KvVerb.Delete, TestStore.Entry("a")));
        store.Publish();
        Assert.True(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Entries_without_command_advance_the_applied_index()
    {
        var store = new StateStore();
        store.Skip(5);
        Assert.Equal(0UL, store.Current.AppliedIndex);
        store.Publish();
        Assert.Equal(5UL, store.Current.AppliedIndex);
    }

    [Fact]
    public void An_entry_out_of_order_stops_the_replica()
    {
        var store = new StateStore();
        store.Apply(5, Put("a"));
        Assert.Throws<StateInvariantException>(() => store.Apply(5, Put("b")));
        Assert.Throws<StateInvariantException>(() => store.Apply(4, Put("b")));
        Assert.Throws<StateInvariantException>(() => store.Skip(5));
    }

    [Fact]
    public void Replacing_the_state_wakes_everybody_and_may_lower_indexes()
    {
        var store = new TestStore();
        store.Put("old");
        using var watches = new WatchSet();
        store.Now.WatchRestore(watches);
        StateSnapshot before = store.Now;

        var other = new StateStore();
        other.Apply(3, Put("new"));
        other.Publish();
        store.Store.Replace(SnapshotReaderOf(other.Current), 3);
        Assert.True(watches.Signalled.IsCompleted);
        Assert.Equal((3UL, 3UL), (store.Now.AppliedIndex, store.Now.KvGet("new").Index));
        Assert.Null(store.Kv("old"));
        Assert.NotNull(before.KvGet("old").Entry);
        store.Store.Apply(4, Put("later"));
        store.Store.Publish();
        Assert.Equal(2, store.Now.KvCount);
    }

    [Fact]
    public void Watchers_after_a_restore_sleep_until_something_changes()
    {
        var store = new TestStore();
        store.Put("k");
        store.Delete("k");
        store.Store.Replace(SnapshotReaderOf(new StateStore().Current), 7);
        using var watches = new WatchSet();
        StateSnapshot now = store.Now;
        now.WatchRestore(watches);
        now.KvGet("k", watches);
        now.KvList(string.Empty, watches);
        now.KvList("prefix", watches);
        now.NodeList(watches);
        now.ServiceList(watches);
        now.ServiceHealth("web", watches);
        now.ConnectHealth("web", watches);
        now.SessionList(watches);
        now.SessionGet("s", watches);
        now.CoordinateList(watches);
        Assert.False(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Coordinates_of_unknown_nodes_and_unchanged_ones_move_nothing()
    {
        var store = new TestStore();
        store.Node("n");
        ulong stored = store.Apply(new CoordinateCommand(
        [
            new CoordinateRecord { Node = "N", Segment = "alpha", Vec = [1, 2, 3, 4, 5, 6, 7, 8] },
            new CoordinateRecord { Node = "unknown", Vec = new double[8] },
            new CoordinateRecord { Node = "n", Vec = new double[8] },
        ]));
        Assert.Equal(["", "alpha"], store.Now.CoordinatesOfNode("n").Coordinates.Select(coordinate => coordinate.Segment));
        Assert.Equal(2, store.Now.CoordinateList().Coordinates.Count());
        store.Apply(new CoordinateCommand(
            [new CoordinateRecord { Node = "unknown", Vec = new double[8] }, new CoordinateRecord { Node = "n", Vec = new double[8] }]));
        Assert.Equal(stored, store.Now.CoordinateList().Index);
    }

    [Fact]
    public void Distance_is_the_vector_plus_heights_plus_adjustments_while_that_is_positive()
    {
        var a = new CoordinateRecord { Node = "a", Vec = [3, 0, 0, 0, 0, 0, 0, 0], Height = 0.5, Adjustment = 0.25 };
        var b = new CoordinateRecord { Node = "b", Vec = [0, 4, 0, 0, 0, 0, 0, 0], Height = 0.5, Adjustment = 0.25 };
        Assert.Equal(TimeSpan.FromSeconds(6.5), a.DistanceTo(b));
        Assert.Equal(TimeSpan.FromSeconds(6), a.DistanceTo(b with { Adjustment = -100 }));
    }

    private static StateSnapshot SnapshotReaderOf(StateSnapshot snapshot)
    {
        var reader = new SnapshotReader();
        foreach (ReadOnlyMemory<byte> piece in SnapshotWriter.Write(snapshot))
        {
            reader.Feed(piece.Span);
        }

        return reader.Finish();
    }
}
