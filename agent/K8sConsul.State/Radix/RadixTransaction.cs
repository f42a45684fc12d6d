using K8sConsul.State.Watching;

namespace K8sConsul.State.Radix;

/// <summary>
/// Changes to a tree that become visible together. A node is copied on its first change and edited in place after that.
/// Belongs to one thread.
/// </summary>
/// <remarks>
/// Order matters at the end: take <see cref="Tree"/>, publish it, then call <see cref="Notify"/>. A reader that attaches
/// to a replaced node in between finds its slot fired and reads again.
/// </remarks>
public sealed class RadixTransaction<T>
    where T : class
{
    private static long _edits;

    private readonly List<RadixNode<T>> _replacedNodes = [];
    private readonly List<RadixLeaf<T>> _replacedLeaves = [];
    private long _edit = Interlocked.Increment(ref _edits);
    private RadixNode<T> _root;
    private int _count;

    internal RadixTransaction(RadixTree<T> tree)
    {
        _root = tree.Root;
        _count = tree.Count;
    }

    public bool HasChanges => _replacedNodes.Count > 0;

    /// <summary>The tree with all changes so far. Later changes of this transaction copy again and leave it as it is.</summary>
    public RadixTree<T> Tree()
    {
        _edit = Interlocked.Increment(ref _edits);
        return new RadixTree<T>(_root, _count);
    }

    /// <summary>A view for reading within the transaction; it is invalid after the next change.</summary>
    public RadixTree<T> Peek => new(_root, _count);

    public T? Get(ReadOnlySpan<byte> key)
    {
        RadixNode<T> node = _root;
        while (!key.IsEmpty)
        {
            int at = node.FindChild(key[0]);
            if (at < 0 || !key.StartsWith(node.Children[at].Prefix))
            {
                return null;
            }

            node = node.Children[at];
            key = key[node.Prefix.Length..];
        }

        return node.Leaf?.Value;
    }

    /// <returns>The value that was there before, or null.</returns>
    public T? Set(ReadOnlySpan<byte> key, T value)
    {
        _root = Insert(_root, key, value, out T? old);
        if (old is null)
        {
            _count++;
        }

        return old;
    }

    /// <returns>The value that was removed, or null.</returns>
    public T? Remove(ReadOnlySpan<byte> key)
    {
        if (Get(key) is not { } old)
        {
            return null;
        }

        _root = Delete(_root, key, isRoot: true)!;
        _count--;
        return old;
    }

    /// <summary>Removes all keys under <paramref name="prefix"/> and returns their values in key order.</summary>
    public List<T> RemovePrefix(ReadOnlySpan<byte> prefix)
    {
        var removed = new List<T>();
        RadixNode<T>? top = Peek.FindPrefix(prefix, out _);
        if (top is null)
        {
            return removed;
        }

        Collect(top, removed);
        if (removed.Count == 0)
        {
            return removed;
        }

        _root = Prune(_root, top, prefix, isRoot: true) ?? new RadixNode<T>([], _edit);
        _count -= removed.Count;
        return removed;
    }

    /// <summary>Fires the watches of all that was replaced. Call it after the new tree is published.</summary>
    public void Notify()
    {
        foreach (RadixLeaf<T> leaf in _replacedLeaves)
        {
            Watch.Fire(ref leaf.WatchSlot);
        }

        foreach (RadixNode<T> node in _replacedNodes)
        {
            Watch.Fire(ref node.WatchSlot);
        }

        _replacedLeaves.Clear();
        _replacedNodes.Clear();
    }

    private RadixNode<T> Insert(RadixNode<T> node, ReadOnlySpan<byte> rest, T value, out T? old)
    {
        if (rest.IsEmpty)
        {
            RadixNode<T> holder = Writable(node);
            old = holder.Leaf?.Value;
            DropLeaf(holder);
            holder.Leaf = new RadixLeaf<T>(value);
            return holder;
        }

        int at = node.FindChild(rest[0]);
        RadixNode<T> writable;
        if (at < 0)
        {
            old = null;
            writable = Writable(node);
            writable.AddChild(NewLeafNode(rest, value));
            return writable;
        }

        RadixNode<T> child = node.Children[at];
        int common = child.Prefix.AsSpan().CommonPrefixLength(rest);
        RadixNode<T> successor;
        if (common == child.Prefix.Length)
        {
            successor = Insert(child, rest[common..], value, out old);
        }
        else
        {
            old = null;
            successor = Split(child, rest, common, value);
        }

        writable = Writable(node);
        writable.Children[at] = successor;
        return writable;
    }

    private RadixNode<T> Split(RadixNode<T> child, ReadOnlySpan<byte> rest, int common, T value)
    {
        var middle = new RadixNode<T>(rest[..common].ToArray(), _edit);
        RadixNode<T> lower = Writable(child);
        lower.Prefix = lower.Prefix[common..];
        middle.AddChild(lower);
        if (rest.Length == common)
        {
            middle.Leaf = new RadixLeaf<T>(value);
        }
        else
        {
            middle.AddChild(NewLeafNode(rest[common..], value));
        }

        return middle;
    }

    /// <returns>The node's successor, or null when nothing is left of it.</returns>
    private RadixNode<T>? Delete(RadixNode<T> node, ReadOnlySpan<byte> rest, bool isRoot)
    {
        RadixNode<T> writable = Writable(node);
        if (rest.IsEmpty)
        {
            DropLeaf(writable);
            writable.Leaf = null;
            return Compact(writable, isRoot);
        }

        int at = writable.FindChild(rest[0]);
        RadixNode<T> child = writable.Children[at];
        RadixNode<T>? successor = Delete(child, rest[child.Prefix.Length..], isRoot: false);
        return Replace(writable, at, successor, isRoot);
    }

    /// <summary>Cuts the subtree <paramref name="top"/>, which lies on the path of <paramref name="prefix"/>, out of the tree.</summary>
    private RadixNode<T>? Prune(RadixNode<T> node, RadixNode<T> top, ReadOnlySpan<byte> prefix, bool isRoot)
    {
        if (ReferenceEquals(node, top))
        {
            return null;
        }

        RadixNode<T> writable = Writable(node);
        int at = writable.FindChild(prefix[0]);
        RadixNode<T> child = writable.Children[at];
        RadixNode<T>? successor = Prune(child, top, prefix[Math.Min(prefix.Length, child.Prefix.Length)..], isRoot: false);
        return Replace(writable, at, successor, isRoot);
    }

    private RadixNode<T>? Replace(RadixNode<T> writable, int at, RadixNode<T>? successor, bool isRoot)
    {
        if (successor is not null)
        {
            writable.Children[at] = successor;
            return writable;
        }

        writable.RemoveChild(at);
        return Compact(writable, isRoot);
    }

    /// <summary>Restores the shape: no empty node, and no node with one child and no value, except the root.</summary>
    private RadixNode<T>? Compact(RadixNode<T> node, bool isRoot)
    {
        if (isRoot || node.Leaf is not null || node.Children.Length > 1)
        {
            return node;
        }

        if (node.Children.Length == 0)
        {
            return null;
        }

        RadixNode<T> only = Writable(node.Children[0]);
        byte[] joined = new byte[node.Prefix.Length + only.Prefix.Length];
        node.Prefix.CopyTo(joined, 0);
        only.Prefix.CopyTo(joined, node.Prefix.Length);
        only.Prefix = joined;
        return only;
    }

    private void Collect(RadixNode<T> top, List<T> removed)
    {
        var path = new Stack<RadixNode<T>>();
        path.Push(top);
        while (path.TryPop(out RadixNode<T>? node))
        {
            if (node.Edit != _edit)
            {
                _replacedNodes.Add(node);
            }

            if (node.Leaf is { } leaf)
            {
                removed.Add(leaf.Value);
                _replacedLeaves.Add(leaf);
            }

            for (int i = node.Children.Length - 1; i >= 0; i--)
            {
                path.Push(node.Children[i]);
            }
        }
    }

    private RadixNode<T> NewLeafNode(ReadOnlySpan<byte> prefix, T value) =>
        new(prefix.ToArray(), _edit) { Leaf = new RadixLeaf<T>(value) };

    private void DropLeaf(RadixNode<T> node)
    {
        if (node.Leaf is { } leaf)
        {
            _replacedLeaves.Add(leaf);
        }
    }

    private RadixNode<T> Writable(RadixNode<T> node)
    {
        if (node.Edit == _edit)
        {
            return node;
        }

        _replacedNodes.Add(node);
        return node.CopyFor(_edit);
    }
}
