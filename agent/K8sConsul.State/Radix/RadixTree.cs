using K8sConsul.State.Watching;

namespace K8sConsul.State.Radix;

/// <summary>
/// A persistent (path-copying) radix tree from byte keys to values, ordered by key. A tree never changes: readers hold
/// a root for as long as they like, and a writer makes a new tree that shares all it did not touch.
/// </summary>
public sealed class RadixTree<T>
    where T : class
{
    internal RadixTree(RadixBranch<T> root, int count)
    {
        Root = root;
        Count = count;
    }

    public int Count { get; }

    internal RadixBranch<T> Root { get; }

    /// <summary>
    /// An empty tree with a root of its own. The root carries watches, and a shared one that any other tree has replaced
    /// would signal to everybody who ever watches an empty tree.
    /// </summary>
    public static RadixTree<T> CreateEmpty() => new(new RadixBranch<T>([], edit: 0), count: 0);

    public RadixTransaction<T> Edit() => new(this);

    /// <summary>
    /// The value at <paramref name="key"/>; <paramref name="watches"/> then learns of any change to that key, and, since nodes move then,
    /// of the first key that parts from it.
    /// </summary>
    public T? Get(ReadOnlySpan<byte> key, WatchSet? watches = null) => Get(Root, key, watches);

    internal static T? Get(RadixBranch<T> root, ReadOnlySpan<byte> key, WatchSet? watches)
    {
        RadixBranch<T> node = root;
        while (!key.IsEmpty)
        {
            int at = node.FindChild(key[0]);
            if (at < 0 || !key.StartsWith(node.Children[at].Prefix))
            {
                // A key that comes into being below this branch replaces this branch.
                watches?.Add(node.WatchSlot.Watch());
                return null;
            }

            RadixNode<T> child = node.Children[at];
            key = key[child.Prefix.Length..];
            if (child is not RadixBranch<T> branch)
            {
                watches?.Add(child.WatchSlot.Watch());
                return key.IsEmpty ? ((RadixLeaf<T>)child).Value : null;
            }

            node = branch;
        }

        watches?.Add(node.Leaf is null ? node.WatchSlot.Watch() : node.Leaf.WatchSlot.Watch());
        return node.Leaf?.Value;
    }

    /// <summary>The values whose keys start with <paramref name="prefix"/>, in key order.</summary>
    public RadixRange<T> Prefix(ReadOnlySpan<byte> prefix, WatchSet? watches = null)
    {
        RadixNode<T>? top = FindPrefix(prefix, out RadixNode<T> watched);
        watches?.Add(watched.WatchSlot.Watch());
        return new RadixRange<T>(top);
    }

    public RadixRange<T> All(WatchSet? watches = null) => Prefix([], watches);

    /// <summary>
    /// The topmost node all of whose keys start with <paramref name="prefix"/>; <paramref name="watched"/> is a node that
    /// is replaced whenever a key under the prefix changes or comes into being.
    /// </summary>
    internal RadixNode<T>? FindPrefix(ReadOnlySpan<byte> prefix, out RadixNode<T> watched)
    {
        RadixBranch<T> node = Root;
        while (true)
        {
            watched = node;
            if (prefix.IsEmpty)
            {
                return node;
            }

            int at = node.FindChild(prefix[0]);
            if (at < 0)
            {
                return null;
            }

            RadixNode<T> child = node.Children[at];
            if (prefix.Length <= child.Prefix.Length)
            {
                bool within = child.Prefix.AsSpan().StartsWith(prefix);
                watched = within ? child : node;
                return within ? child : null;
            }

            if (!prefix.StartsWith(child.Prefix))
            {
                return null;
            }

            if (child is not RadixBranch<T> branch)
            {
                watched = child;
                return null;
            }

            prefix = prefix[child.Prefix.Length..];
            node = branch;
        }
    }
}
