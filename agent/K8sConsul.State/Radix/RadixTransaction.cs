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
        RadixNode<T> node = _root = Writable(_root);
        while (!key.IsEmpty)
        {
            int at = node.FindChild(key[0]);
            if (at < 0)
            {
                node.AddChild(NewLeafNode(key, value));
                _count++;
                return null;
            }

            RadixNode<T> child = node.Children[at];
            int common = child.Prefix.AsSpan().CommonPrefixLength(key);
            if (common < child.Prefix.Length)
            {
                node.Children[at] = Split(child, key, common, value);
                _count++;
                return null;
            }

            node = node.Children[at] = Writable(child);
            key = key[common..];
        }

        T? old = node.Leaf?.Value;
        DropLeaf(node);
        node.Leaf = new RadixLeaf<T>(value);
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

        RadixNode<T>? parent = null;
        RadixNode<T> node = _root = Writable(_root);
        int at = 0;
        while (!key.IsEmpty)
        {
            parent = node;
            at = node.FindChild(key[0]);
            node = node.Children[at] = Writable(node.Children[at]);
            key = key[node.Prefix.Length..];
        }

        DropLeaf(node);
        node.Leaf = null;
        _count--;
        if (parent is not null && node.Children.Length == 0)
        {
            CutChild(parent, at);
        }
        else
        {
            AbsorbOnlyChild(node);
        }

        return old;
    }

    /// <summary>Removes all keys under <paramref name="prefix"/> and returns their values in key order.</summary>
    public List<T> RemovePrefix(ReadOnlySpan<byte> prefix)
    {
        var removed = new List<T>();
        if (Peek.FindPrefix(prefix, out _) is not { } top)
        {
            return removed;
        }

        Collect(top, removed);
        if (removed.Count == 0)
        {
            return removed;
        }

        _count -= removed.Count;
        if (prefix.IsEmpty)
        {
            _root = new RadixNode<T>([], _edit);
            return removed;
        }

        RadixNode<T> parent = _root = Writable(_root);
        int at = parent.FindChild(prefix[0]);
        while (prefix.Length > parent.Children[at].Prefix.Length)
        {
            prefix = prefix[parent.Children[at].Prefix.Length..];
            parent = parent.Children[at] = Writable(parent.Children[at]);
            at = parent.FindChild(prefix[0]);
        }

        CutChild(parent, at);
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

    private RadixNode<T> Split(RadixNode<T> child, ReadOnlySpan<byte> rest, int common, T value)
    {
        var middle = new RadixNode<T>(RadixNode<T>.PrefixOf(rest[..common]), _edit);
        RadixNode<T> lower = Writable(child);
        lower.Prefix = RadixNode<T>.PrefixOf(lower.Prefix.AsSpan(common));
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

    private void CutChild(RadixNode<T> parent, int at)
    {
        parent.RemoveChild(at);
        AbsorbOnlyChild(parent);
    }

    /// <summary>Restores the shape after a removal: a node with one child and no value becomes one with that child. The root stays.</summary>
    private void AbsorbOnlyChild(RadixNode<T> node)
    {
        if (ReferenceEquals(node, _root) || node.Leaf is not null || node.Children.Length != 1)
        {
            return;
        }

        // A copy: from here on this transaction may replace its children in place.
        RadixNode<T> only = Writable(node.Children[0]);
        node.Prefix = [.. node.Prefix, .. only.Prefix];
        node.Leaf = only.Leaf;
        node.Labels = only.Labels;
        node.Children = only.Children;
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
        new(RadixNode<T>.PrefixOf(prefix), _edit) { Leaf = new RadixLeaf<T>(value) };

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
