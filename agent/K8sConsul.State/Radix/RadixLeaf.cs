namespace K8sConsul.State.Radix;

/// <summary>
/// A stored value: a node of its own while no key goes on below its key, else <see cref="RadixBranch{T}.Leaf"/> of the branch
/// there, without a prefix. It never changes, and its watch fires when the value is replaced or removed. A leaf that
/// moves is replaced by one with the same value, which wakes a watcher for nothing.
/// </summary>
/// <remarks>There are as many as keys: whatever is added here is what a million keys cost.</remarks>
internal sealed class RadixLeaf<T>(byte[] prefix, T value) : RadixNode<T>(prefix)
    where T : class
{
    public T Value { get; } = value;
}
