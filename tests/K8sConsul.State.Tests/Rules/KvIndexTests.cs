using K8sConsul.State.Commands;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Which index each key/value read reports.</summary>
public sealed class KvIndexTests
{
    private readonly TestStore _store = new();

    private ulong Get(string key) => _store.Now.KvGet(key).Index;

    private ulong List(string prefix) => _store.Now.KvList(prefix).Index;

    [Fact]
    public void An_empty_store_reports_zero()
    {
        Assert.Equal(0UL, Get("k"));
        Assert.Equal(0UL, List("k"));
        Assert.Equal(0UL, List(string.Empty));
    }

    [Fact]
    public void A_found_key_reports_its_own_index()
    {
        ulong k = _store.Put("k");
        _store.Put("other");
        Assert.Equal(k, Get("k"));
    }

    [Fact]
    public void A_missing_key_reports_the_table_with_tombstones()
    {
        ulong put = _store.Put("other");
        Assert.Equal(put, Get("missing"));
        ulong deleted = _store.Delete("other");
        Assert.Equal(deleted, Get("missing"));
    }

    [Fact]
    public void A_list_reports_the_highest_entry_under_its_prefix()
    {
        _store.Put("a/1");
        ulong a2 = _store.Put("a/2");
        ulong b = _store.Put("b");
        Assert.Equal(a2, List("a/"));
        Assert.Equal(b, List(string.Empty));
        Assert.Equal(b, List("missing/"));
    }

    [Fact]
    public void A_deletion_raises_the_index_of_lists_above_it_only()
    {
        _store.Put("a/1");
        _store.Put("a/2");
        ulong b = _store.Put("b/1");
        ulong deleted = _store.Delete("a/1");
        Assert.Equal(deleted, List("a/"));
        Assert.Equal(deleted, List(string.Empty));
        Assert.Equal(b, List("b/"));
    }

    [Fact]
    public void Delete_tree_raises_the_index_of_lists_above_at_and_below_the_prefix()
    {
        _store.Put("a/b/1");
        _store.Put("a/c");
        ulong deleted = _store.DeleteTree("a/b");
        Assert.Equal(deleted, List("a/"));
        Assert.Equal(deleted, List("a/b"));
        Assert.Equal(deleted, List("a/b/"));
    }

    /// <summary>Consul 1.8.7 answers with the older tombstone's index here, and a watcher of the longer prefix never wakes.</summary>
    [Theory]
    [InlineData("a/")]
    [InlineData("")]
    public void Delete_tree_is_not_hidden_by_an_older_tombstone_below_it(string prefix)
    {
        _store.Put("a/b/old");
        _store.Delete("a/b/old");
        ulong before = _store.Put("a/b/new");
        Assert.Equal(before, List("a/b/"));
        ulong deleted = _store.DeleteTree(prefix);
        Assert.Equal(deleted, List("a/b/"));
    }

    [Fact]
    public void Delete_tree_of_nothing_moves_nothing()
    {
        ulong put = _store.Put("a");
        _store.DeleteTree("b");
        Assert.Equal(put, List(string.Empty));
        Assert.Equal(0UL, _store.Now.TombstoneIndexMax());
    }

    [Fact]
    public void Delete_tree_leaves_one_tombstone_and_none_for_the_empty_prefix()
    {
        _store.Put("a/1");
        _store.Put("a/2");
        _store.Put("b");
        ulong deleted = _store.DeleteTree("a/");
        Assert.Equal(deleted, _store.Now.TombstoneIndexMax());
        Assert.Equal(1, _store.Now.Tables.Tombstones.Count);
        ulong all = _store.DeleteTree(string.Empty);
        Assert.Equal(0, _store.Now.Tables.Tombstones.Count);
        Assert.Equal(all, List("anything"));
    }

    [Fact]
    public void A_key_written_again_reports_the_new_index_above_its_tombstone()
    {
        _store.Put("a/1");
        _store.Delete("a/1");
        ulong again = _store.Put("a/1");
        Assert.Equal(again, Get("a/1"));
        Assert.Equal(again, List("a/"));
        Assert.Equal(again, _store.Kv("a/1")!.CreateIndex);
    }

    [Fact]
    public void Reaping_takes_tombstones_up_to_its_index_and_lowers_lists_to_their_entries()
    {
        ulong kept = _store.Put("a/kept");
        _store.Put("a/1");
        _store.Put("a/2");
        ulong first = _store.Delete("a/1");
        ulong second = _store.Delete("a/2");
        _store.Apply(new TombstoneCommand(first));
        Assert.Equal(second, _store.Now.TombstoneIndexMax());
        Assert.Equal(second, List("a/"));
        _store.Apply(new TombstoneCommand(second));
        Assert.Equal(0UL, _store.Now.TombstoneIndexMax());
        Assert.Equal(kept, List("a/"));
    }

    [Fact]
    public void Reaping_does_not_move_the_index_of_missing_keys()
    {
        _store.Put("a");
        ulong deleted = _store.Delete("a");
        _store.Apply(new TombstoneCommand(deleted));
        Assert.Equal(deleted, Get("missing"));
        Assert.Equal(deleted, List("a"));
    }

    [Theory]
    [InlineData("a/1", true)]
    [InlineData("a/", true)]
    [InlineData("", true)]
    [InlineData("a/2", false)]
    [InlineData("b/", false)]
    public void A_write_wakes_the_lists_whose_prefix_it_touches(string prefix, bool wakes)
    {
        _store.Put("a/1");
        _store.Put("a/2");
        _store.Put("b/1");
        using var watches = new WatchSet();
        _store.Now.KvList(prefix, watches);
        _store.Put("a/1", "changed");
        Assert.Equal(wakes, watches.Signalled.IsCompleted);
    }

    [Fact]
    public void An_unchanged_write_wakes_nobody()
    {
        _store.Put("a", "same");
        using var watches = new WatchSet();
        _store.Now.KvGet("a", watches);
        _store.Now.KvList(string.Empty, watches);
        _store.Now.KvGet("missing", watches);
        _store.Put("a", "same");
        _store.Delete("missing");
        Assert.False(watches.Signalled.IsCompleted);
    }
}
