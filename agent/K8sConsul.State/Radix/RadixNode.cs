using K8sConsul.State.Watching;

namespace K8sConsul.State.Radix;

/// <summary>A stored value and the watch that fires when exactly this value is replaced or removed.</summary>
internal sealed class RadixLeaf<T>(T value)
    where T : class
{
    internal Watch? WatchSlot;

    public T Value { get; } = value;
}

/// <summary>
/// A node of the tree. Immutable once its transaction has committed; before that only the transaction whose number is
/// <see cref="Edit"/> may change it. Its watch fires when anything at or below it changes.
/// </summary>
internal sealed class RadixNode<T>(byte[] prefix, long edit)
    where T : class
{
    /// <summary>Keys that are close to each other differ in one byte: those prefixes are shared by all nodes.</summary>
    private static readonly byte[][] s_single = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];

    internal Watch? WatchSlot;

    /// <summary>The bytes of the key between the parent and this node; empty only at the root.</summary>
    public byte[] Prefix { get; set; } = prefix;

    public RadixLeaf<T>? Leaf { get; set; }

    /// <summary>
    /// First byte of each child's prefix, ascending; parallel to <see cref="Children"/>. The array is replaced when children
    /// come or go and never changed, so copies of the node share it.
    /// </summary>
    public byte[] Labels { get; set; } = [];

    public RadixNode<T>[] Children { get; set; } = [];

    public long Edit { get; } = edit;

    public static byte[] PrefixOf(ReadOnlySpan<byte> bytes) => bytes.Length == 1 ? s_single[bytes[0]] : bytes.ToArray();

    public int FindChild(byte label) => Labels.AsSpan().IndexOf(label);

    public RadixNode<T> CopyFor(long edit) => new(Prefix, edit)
    {
        Leaf = Leaf,
        Labels = Labels,
        Children = Children.Length == 0 ? Children : (RadixNode<T>[])Children.Clone(),
    };

    public void AddChild(RadixNode<T> child)
    {
        byte label = child.Prefix[0];
        int at = 0;
        while (at < Labels.Length && Labels[at] < label)
        {
            at++;
        }

        byte[] labels = new byte[Labels.Length + 1];
        var children = new RadixNode<T>[Children.Length + 1];
        Labels.AsSpan(0, at).CopyTo(labels);
        Children.AsSpan(0, at).CopyTo(children);
        labels[at] = label;
        children[at] = child;
        Labels.AsSpan(at).CopyTo(labels.AsSpan(at + 1));
        Children.AsSpan(at).CopyTo(children.AsSpan(at + 1));
        Labels = labels;
        Children = children;
    }

    public void RemoveChild(int at)
    {
        byte[] labels = new byte[Labels.Length - 1];
        var children = new RadixNode<T>[Children.Length - 1];
        Labels.AsSpan(0, at).CopyTo(labels);
        Children.AsSpan(0, at).CopyTo(children);
        Labels.AsSpan(at + 1).CopyTo(labels.AsSpan(at));
        Children.AsSpan(at + 1).CopyTo(children.AsSpan(at));
        Labels = labels;
        Children = children;
    }
}
