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
        Assert.Equal(isRoot, node.Prefix.Length == 0);
        if (node is RadixLeaf<T> alone)
        {
            found.Add((key, alone.Value));
            return;
        }

        var branch = (RadixBranch<T>)node;
        Assert.Equal(branch.Labels.Length, branch.Children.Length);
        Assert.True(
            isRoot || branch.Children.Length >= (branch.Leaf is null ? 2 : 1), "a branch that stands for one path, or for none");
        if (branch.Leaf is { } leaf)
        {
            Assert.Empty(leaf.Prefix);
            found.Add((key, leaf.Value));
        }

        for (int i = 0; i < branch.Children.Length; i++)
        {
            Assert.Equal(branch.Labels[i], branch.Children[i].Prefix[0]);
            Assert.True(i == 0 || branch.Labels[i - 1] < branch.Labels[i], "labels ascend without repetition");
            Check(branch.Children[i], [.. key, .. branch.Children[i].Prefix], isRoot: false, found);
        }
    }
}
