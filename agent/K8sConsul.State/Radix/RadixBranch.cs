namespace K8sConsul.State.Radix;

/// <summary>
/// A node with others below it. Immutable once its transaction has committed; before that only the transaction whose number
/// is <see cref="Edit"/> may change it.
/// </summary>
internal sealed class RadixBranch<T>(byte[] prefix, long edit) : RadixNode<T>(prefix)
    where T : class
{
    /// <summary>The value at the very key where the branch stands.</summary>
    public RadixLeaf<T>? Leaf { get; set; }

    /// <summary>
    /// First byte of each child's prefix, ascending; parallel to <see cref="Children"/>. The array is replaced when children
    /// come or go and never changed, so copies of the branch share it.
    /// </summary>
    public byte[] Labels { get; private set; } = [];

    public RadixNode<T>[] Children { get; private set; } = [];

    public long Edit { get; } = edit;

    public int FindChild(byte label) => Labels.AsSpan().IndexOf(label);

    public RadixBranch<T> CopyFor(long edit) => CopyFor(edit, Prefix);

    public RadixBranch<T> CopyFor(long edit, byte[] prefix) => new(prefix, edit)
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
