using System.Text;
using K8sConsul.State.Radix;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Radix;

public sealed class RadixWatchTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static RadixTree<string> TreeOf(params ReadOnlySpan<string> keys)
    {
        RadixTransaction<string> edit = RadixTree<string>.CreateEmpty().Edit();
        foreach (string key in keys)
        {
            edit.Set(Bytes(key), key);
        }

        return edit.Tree();
    }

    [Theory]
    [InlineData("get a/1", "set a/1", true)]
    [InlineData("get a/1", "del a/1", true)]
    [InlineData("get a/1", "cut a/", true)]
    [InlineData("get a/1", "cut ", true)]
    [InlineData("get a/1", "set a/2", false)]
    [InlineData("get a/12", "set a/12", true)]
    [InlineData("get a/12", "set a/11", true)]
    [InlineData("get a/1", "set a/11", true)]
    [InlineData("get b", "set b/1", true)]
    [InlineData("get b", "set a/2", false)]
    [InlineData("get a/1", "set a/", false)]
    [InlineData("get a/1", "del b", false)]
    [InlineData("get a/3", "set a/3", true)]
    [InlineData("get a/3", "set b", false)]
    [InlineData("get c", "set c", true)]
    [InlineData("get a/", "set a/", true)]
    [InlineData("list a/", "set a/3", true)]
    [InlineData("list a/", "set a/1", true)]
    [InlineData("list a/", "del a/2", true)]
    [InlineData("list a/", "cut a", true)]
    [InlineData("list a/", "set b", false)]
    [InlineData("list a/", "set b/1", false)]
    [InlineData("list c", "set c/1", true)]
    [InlineData("list a/1", "set a/2", false)]
    [InlineData("list ", "set anything", true)]
    public void A_watch_fires_for_its_key_or_prefix_and_of_others_only_for_a_birth_where_it_stands(string read, string change, bool fires)
    {
        RadixTree<string> tree = TreeOf("a/1", "a/2", "b");
        using var watches = new WatchSet();
        string target = read[(read.IndexOf(' ') + 1)..];
        if (read.StartsWith("get", StringComparison.Ordinal))
        {
            tree.Get(Bytes(target), watches);
        }
        else
        {
            tree.Prefix(Bytes(target), watches);
        }

        RadixTransaction<string> edit = tree.Edit();
        byte[] key = Bytes(change[4..]);
        switch (change[..3])
        {
            case "set":
                edit.Set(key, "new");
                break;
            case "del":
                edit.Remove(key);
                break;
            default:
                edit.RemovePrefix(key);
                break;
        }

        edit.Tree();
        Assert.False(watches.Signalled.IsCompleted, "nobody wakes before the new tree can be read");
        edit.Notify();
        Assert.Equal(fires, watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Registration_on_a_part_that_is_already_replaced_wakes_at_once()
    {
        RadixTree<string> old = TreeOf("a/1", "a/2");
        RadixTransaction<string> edit = old.Edit();
        edit.Set("a/1"u8, "new");
        edit.Remove("a/2"u8);
        edit.Tree();
        edit.Notify();
        foreach (string key in (string[])["a/1", "a/2"])
        {
            using var late = new WatchSet();
            old.Get(Bytes(key), late);
            Assert.True(late.Signalled.IsCompleted);
        }

        using var lister = new WatchSet();
        old.Prefix("a/"u8, lister);
        Assert.True(lister.Signalled.IsCompleted);
    }

    [Fact]
    public void Watching_an_empty_tree_is_not_disturbed_by_what_became_of_another_empty_tree()
    {
        RadixTransaction<string> other = RadixTree<string>.CreateEmpty().Edit();
        other.Set("k"u8, "v");
        other.Tree();
        other.Notify();

        using var watches = new WatchSet();
        RadixTree<string>.CreateEmpty().Get("k"u8, watches);
        Assert.False(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Changes_of_a_transaction_that_is_thrown_away_wake_nobody()
    {
        RadixTree<string> tree = TreeOf("a");
        using var watches = new WatchSet();
        tree.Get("a"u8, watches);
        tree.Edit().Set("a"u8, "lost");
        RadixTransaction<string> kept = tree.Edit();
        kept.Set("b"u8, "b");
        kept.Tree();
        kept.Notify();
        Assert.False(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Disposed_watch_sets_leave_nothing_behind()
    {
        RadixTree<string> tree = TreeOf("a", "b");
        var stay = new List<WatchSet>();
        for (int i = 0; i < 100; i++)
        {
            using var watches = new WatchSet();
            tree.Get("a"u8, watches);
            tree.Prefix("b"u8, watches);
            tree.Get("missing"u8, watches);
            if (i % 10 == 0)
            {
                var staying = new WatchSet();
                tree.Get("a"u8, staying);
                stay.Add(staying);
            }
        }

        RadixNode<string> a = tree.Root.Children[0];
        Assert.Equal(10, a.WatchSlot.Present!.WaiterCount);
        Assert.Equal(0, tree.Root.Children[1].WatchSlot.Present!.WaiterCount);
        Assert.Equal(0, tree.Root.WatchSlot.Present!.WaiterCount);

        // From the middle, the front and the end of the list.
        foreach (int at in (int[])[5, 9, 0, 3])
        {
            stay[at].Dispose();
        }

        Assert.Equal(6, a.WatchSlot.Present!.WaiterCount);
        RadixTransaction<string> edit = tree.Edit();
        edit.Set("a"u8, "new");
        edit.Tree();
        edit.Notify();
        Assert.Equal(6, stay.Count(watches => watches.Signalled.IsCompleted));
        stay.ForEach(watches => watches.Dispose());
    }

    /// <summary>
    /// Random histories: each watch is taken on the current tree and kept until it fires; whenever the result it belongs
    /// to differs from what it was, it must have fired.
    /// </summary>
    [Theory]
    [InlineData(11, 2)]
    [InlineData(12, 3)]
    [InlineData(13, 5)]
    public void No_change_goes_unnoticed(ulong seed, int alphabet)
    {
        var random = new SeededRandom(seed);
        RadixTree<string> tree = RadixTree<string>.CreateEmpty();
        var watchers = new List<(bool IsList, byte[] Key, string Seen, WatchSet Watches)>();
        for (int round = 0; round < 3_000; round++)
        {
            for (int i = random.Next(4); i > 0; i--)
            {
                var watches = new WatchSet();
                byte[] key = Key(random, alphabet);
                bool isList = random.Chance(50);
                watchers.Add((isList, key, Read(tree, isList, key, watches), watches));
            }

            RadixTransaction<string> edit = tree.Edit();
            for (int change = random.Next(4); change > 0; change--)
            {
                byte[] key = Key(random, alphabet);
                switch (random.Next(8))
                {
                    case < 4:
                        edit.Set(key, $"{round}.{change}");
                        break;
                    case < 7:
                        edit.Remove(key);
                        break;
                    default:
                        edit.RemovePrefix(key);
                        break;
                }
            }

            tree = edit.Tree();
            edit.Notify();
            for (int i = watchers.Count - 1; i >= 0; i--)
            {
                (bool isList, byte[] key, string seen, WatchSet watches) = watchers[i];
                if (watches.Signalled.IsCompleted)
                {
                    watches.Dispose();
                    watchers.RemoveAt(i);
                }
                else
                {
                    string now = Read(tree, isList, key, watches: null);
                    Assert.True(seen == now, $"seed {seed}, round {round}: '{Convert.ToHexString(key)}' went from '{seen}' to '{now}' unnoticed");
                }
            }
        }
    }

    private static string Read(RadixTree<string> tree, bool isList, byte[] key, WatchSet? watches) =>
        isList ? string.Join(' ', tree.Prefix(key, watches)) : tree.Get(key, watches) ?? "none";

    private static byte[] Key(SeededRandom random, int alphabet)
    {
        byte[] key = new byte[random.Next(5)];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)('a' + random.Next(alphabet));
        }

        return key;
    }
}
