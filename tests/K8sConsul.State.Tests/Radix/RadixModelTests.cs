using K8sConsul.State.Radix;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Radix;

/// <summary>Random histories against a sorted dictionary: same content, same order, good shape, and no tree ever changes.</summary>
public sealed class RadixModelTests
{
    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(4, 40)]
    [InlineData(5, 256)]
    public void Tree_equals_a_sorted_dictionary(ulong seed, int alphabet)
    {
        var random = new SeededRandom(seed);
        var model = new SortedDictionary<byte[], string>(ByteOrder.Instance);
        RadixTree<string> tree = RadixTree<string>.CreateEmpty();
        var history = new List<(RadixTree<string> Tree, List<string> Values)>();
        for (int round = 0; round < 300; round++)
        {
            RadixTransaction<string> edit = tree.Edit();
            int changes = random.Next(random.Chance(10) ? 60 : 6);
            for (int change = 0; change < changes; change++)
            {
                Change(random, alphabet, model, edit, $"{round}.{change}");
            }

            tree = edit.Tree();
            edit.Notify();
            Assert.Equal(model.Values, tree.All());
            Assert.Equal(model.Keys.Select(Convert.ToHexString), RadixShape.Check(tree).Select(entry => Convert.ToHexString(entry.Key)));
            for (int probe = 0; probe < 10; probe++)
            {
                byte[] key = Key(random, alphabet);
                Assert.Equal(model.GetValueOrDefault(key), tree.Get(key));
                Assert.Equal(model.Where(entry => entry.Key.AsSpan().StartsWith(key)).Select(entry => entry.Value), tree.Prefix(key));
            }

            history.Add((tree, [.. model.Values]));
        }

        foreach ((RadixTree<string> old, List<string> values) in history)
        {
            Assert.Equal(values, old.All());
            RadixShape.Check(old);
        }
    }

    private static void Change(
        SeededRandom random, int alphabet, SortedDictionary<byte[], string> model, RadixTransaction<string> edit, string value)
    {
        byte[] key = Key(random, alphabet);
        string? present = model.GetValueOrDefault(key);
        switch (random.Next(12))
        {
            case < 7:
                Assert.Equal(present, edit.Set(key, value));
                model[key] = value;
                break;
            case < 11:
                byte[] chosen = model.Count > 0 && random.Chance(70) ? model.Keys.ElementAt(random.Next(model.Count)) : key;
                Assert.Equal(model.GetValueOrDefault(chosen), edit.Remove(chosen));
                model.Remove(chosen);
                break;
            default:
                List<byte[]> below = [.. model.Keys.Where(other => other.AsSpan().StartsWith(key))];
                Assert.Equal(below.Select(other => model[other]), edit.RemovePrefix(key));
                below.ForEach(other => model.Remove(other));
                break;
        }

        Assert.Equal(model.GetValueOrDefault(key), edit.Get(key));
    }

    private static byte[] Key(SeededRandom random, int alphabet)
    {
        byte[] key = new byte[random.Next(7)];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)random.Next(alphabet);
        }

        return key;
    }
}
