using K8sConsul.State.Radix;

namespace K8sConsul.State.Tests.Radix;

/// <summary>What must hold for every node of every tree, and the keys read back from the structure alone.</summary>
internal static class RadixShape
{
    /// <returns>Every key and value, in the order in which the nodes stand.</returns>
    public static List<(byte[] Key, T Value)> Check<T>(RadixTree<T> tree)
        where T : class
    {
        var found = new List<(byte[], T)>();
        Assert.Empty(tree.Root.Prefix);
        Check(tree.Root, [], isRoot: true, found);
        Assert.Equal(tree.Count, found.Count);
        return found;
    }

    private static void Check<T>(RadixNode<T> node, byte[] key, bool isRoot, List<(byte[] Key, T Value)> found)
        where T : class
    {
        Assert.Equal(node.Labels.Length, node.Children.Length);
        if (!isRoot)
        {
            Assert.NotEmpty(node.Prefix);
            Assert.True(node.Leaf is not null || node.Children.Length >= 2, "a node without value stands for one path or none");
        }

        if (node.Leaf is { } leaf)
        {
            found.Add((key, leaf.Value));
        }

        for (int i = 0; i < node.Children.Length; i++)
        {
            Assert.Equal(node.Labels[i], node.Children[i].Prefix[0]);
            Assert.True(i == 0 || node.Labels[i - 1] < node.Labels[i], "labels ascend without repetition");
            Check(node.Children[i], [.. key, .. node.Children[i].Prefix], isRoot: false, found);
        }
    }
}
