using System.Text;
using K8sConsul.State.Radix;

namespace K8sConsul.State.Tests.Radix;

public sealed class RadixTreeTests
{
    private static RadixTree<string> TreeOf(params ReadOnlySpan<string> keys)
    {
        RadixTransaction<string> edit = RadixTree<string>.CreateEmpty().Edit();
        foreach (string key in keys)
        {
            edit.Set(Bytes(key), key);
        }

        return edit.Tree();
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("b a c", "a b c")]
    [InlineData("abc ab a", "a ab abc")]
    [InlineData("abd abc ab", "ab abc abd")]
    [InlineData("test team toast tea", "tea team test toast")]
    [InlineData("a\u00ff a\u0000 a", "a a\u0000 a\u00ff")]
    public void Values_come_in_the_byte_order_of_their_keys(string inserted, string expected)
    {
        RadixTree<string> tree = TreeOf(inserted.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(expected, string.Join(' ', tree.All()));
        RadixShape.Check(tree);
    }

    [Theory]
    [InlineData("", "ab abc abd b")]
    [InlineData("a", "ab abc abd")]
    [InlineData("ab", "ab abc abd")]
    [InlineData("abc", "abc")]
    [InlineData("abcd", "")]
    [InlineData("ac", "")]
    [InlineData("b", "b")]
    [InlineData("c", "")]
    public void Prefix_finds_exactly_the_keys_that_start_with_it(string prefix, string expected)
    {
        RadixTree<string> tree = TreeOf("ab", "abc", "abd", "b");
        Assert.Equal(expected, string.Join(' ', tree.Prefix(Bytes(prefix))));
        Assert.Equal(expected.Length == 0, tree.Prefix(Bytes(prefix)).IsEmpty);
    }

    [Theory]
    [InlineData("ab", "abc abd b")]
    [InlineData("abc", "ab abd b")]
    [InlineData("b", "ab abc abd")]
    [InlineData("a", null)]
    [InlineData("abcd", null)]
    [InlineData("", null)]
    public void Remove_takes_one_key_and_leaves_the_rest(string key, string? left)
    {
        RadixTransaction<string> edit = TreeOf("ab", "abc", "abd", "b").Edit();
        Assert.Equal(left is null ? null : key, edit.Remove(Bytes(key)));
        RadixTree<string> tree = edit.Tree();
        Assert.Equal(left ?? "ab abc abd b", string.Join(' ', tree.All()));
        RadixShape.Check(tree);
    }

    [Theory]
    [InlineData("", "ab abc abd b", "")]
    [InlineData("a", "ab abc abd", "b")]
    [InlineData("abc", "abc", "ab abd b")]
    [InlineData("x", "", "ab abc abd b")]
    [InlineData("abx", "", "ab abc abd b")]
    public void RemovePrefix_returns_what_it_removed_in_order(string prefix, string removed, string left)
    {
        RadixTransaction<string> edit = TreeOf("ab", "abc", "abd", "b").Edit();
        Assert.Equal(removed, string.Join(' ', edit.RemovePrefix(Bytes(prefix))));
        RadixTree<string> tree = edit.Tree();
        Assert.Equal(left, string.Join(' ', tree.All()));
        RadixShape.Check(tree);
    }

    [Fact]
    public void The_empty_key_is_a_key()
    {
        RadixTransaction<string> edit = TreeOf("a").Edit();
        Assert.Null(edit.Set([], "root"));
        Assert.Equal("root", edit.Get([]));
        RadixTree<string> tree = edit.Tree();
        Assert.Equal("root a", string.Join(' ', tree.All()));
        Assert.Equal("root", edit.Remove([]));
        Assert.Equal("a", string.Join(' ', edit.Tree().All()));
        Assert.Equal("root", tree.Get([]));
    }

    [Fact]
    public void Set_returns_the_value_it_replaces()
    {
        RadixTransaction<string> edit = RadixTree<string>.CreateEmpty().Edit();
        Assert.Null(edit.Set("k"u8, "one"));
        Assert.Equal("one", edit.Set("k"u8, "two"));
        Assert.Equal("two", edit.Tree().Get("k"u8));
        Assert.Equal(1, edit.Tree().Count);
    }

    [Fact]
    public void A_tree_taken_from_a_transaction_does_not_see_its_later_changes()
    {
        RadixTransaction<string> edit = TreeOf("a", "ab").Edit();
        edit.Set("abc"u8, "abc");
        RadixTree<string> taken = edit.Tree();
        edit.Set("ab"u8, "changed");
        edit.Remove("a"u8);
        Assert.Equal("a ab abc", string.Join(' ', taken.All()));
        Assert.Equal("changed abc", string.Join(' ', edit.Tree().All()));
    }
}
