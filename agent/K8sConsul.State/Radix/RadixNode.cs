using K8sConsul.State.Watching;

namespace K8sConsul.State.Radix;

/// <summary>What stands below a branch of the tree: another branch, or a leaf.</summary>
internal abstract class RadixNode<T>(byte[] prefix)
    where T : class
{
    /// <summary>Keys that are close to each other differ in one byte: those prefixes are shared by all nodes.</summary>
    private static readonly byte[][] s_single = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];

    /// <summary>Fires when anything at or below the node changes, or comes into being there.</summary>
    internal WatchSlot WatchSlot;

    /// <summary>The bytes of the key between the branch above and this node.</summary>
    public byte[] Prefix { get; } = prefix;

    public static byte[] PrefixOf(ReadOnlySpan<byte> bytes) => bytes.Length == 1 ? s_single[bytes[0]] : bytes.ToArray();
}
