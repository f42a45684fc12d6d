using K8sConsul.State.Radix;

namespace K8sConsul.State.Tests.Radix;

public sealed class RadixDepthTests
{
    /// <summary>
    /// Keys that extend each other make a tree as deep as there are keys. A client decides the keys, so neither a read
    /// nor a write may need call stack in proportion. A small stack makes recursion fail by ending the process.
    /// </summary>
    [Fact]
    public void A_tree_as_deep_as_its_keys_are_long_needs_no_call_stack()
    {
        const int depth = 6_000;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    byte[] key = new byte[depth];
                    RadixTransaction<string> edit = RadixTree<string>.CreateEmpty().Edit();
                    for (int length = 1; length <= depth; length++)
                    {
                        edit.Set(key.AsSpan(0, length), "x");
                    }

                    RadixTree<string> deep = edit.Tree();
                    Assert.Equal(depth, deep.All().Count());
                    RadixTransaction<string> second = deep.Edit();
                    second.Set([.. key, 1], "y");
                    Assert.Equal("x", second.Remove(key));
                    Assert.Equal(depth / 2, second.RemovePrefix(key.AsSpan(0, (depth / 2) + 1)).Count);
                    Assert.Equal(depth / 2, second.Tree().Count);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            maxStackSize: 192 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
