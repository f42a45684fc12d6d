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

    private readonly List<RadixNode<T>> _replaced = [];
    private long _edit = Interlocked.Increment(ref _edits);
    private RadixBranch<T> _root;
    private int _count;

    internal RadixTransaction(RadixTree<T> tree)
    {
        _root = tree.Root;
        _count = tree.Count;
    }

    public bool HasChanges => _replaced.Count > 0;

    /// <summary>The tree with all changes so far. Later changes of this transaction copy again and leave it as it is.</summary>
    public RadixTree<T> Tree()
    {
        _edit = Interlocked.Increment(ref _edits);
        return new RadixTree<T>(_root, _count);
    }

    /// <summary>A view for reading within the transaction; it is invalid after the next change.</summary>
    public RadixTree<T> Peek => new(_root, _count);

    public T? Get(ReadOnlySpan<byte> key) => RadixTree<T>.Get(_root, key, watches: null);

    /// <returns>The value that was there before, or null.</returns>
    public T? Set(ReadOnlySpan<byte> key, T value)
    {
        RadixBranch<T> node = _root = Writable(_root);
        while (!key.IsEmpty)
        {
            int at = node.FindChild(key[0]);
            if (at < 0)
            {
                node.AddChild(new RadixLeaf<T>(RadixNode<T>.PrefixOf(key), value));
                _count++;
                return null;
            }

            RadixNode<T> child = node.Children[at];
            int common = child.Prefix.AsSpan().CommonPrefixLength(key);
            if (common < child.Prefix.Length)
            {
                node.Children[at] = Fork(child, key, common, value);
                _count++;
                return null;
            }

            key = key[common..];
            if (child is not RadixBranch<T> branch)
            {
                var leaf = (RadixLeaf<T>)child;
                node.Children[at] = key.IsEmpty ? new RadixLeaf<T>(leaf.Prefix, value) : GrowBelow(leaf, key, value);
                _count += key.IsEmpty ? 0 : 1;
                _replaced.Add(leaf);
                return key.IsEmpty ? leaf.Value : null;
            }

            branch = Writable(branch);
            node.Children[at] = branch;
            node = branch;
        }

        RadixLeaf<T>? old = node.Leaf;
        node.Leaf = new RadixLeaf<T>([], value);
        if (old is null)
        {
            _count++;
            return null;
        }

        _replaced.Add(old);
        return old.Value;
    }

    /// <returns>The value that was removed, or null.</returns>
    public T? Remove(ReadOnlySpan<byte> key)
    {
        if (Get(key) is not { } removed)
        {
            return null;
        }

        _count--;
        Place place = default;
        RadixBranch<T> node = _root = Writable(_root);
        while (!key.IsEmpty)
        {
            int at = node.FindChild(key[0]);
            RadixNode<T> child = node.Children[at];
            if (child is not RadixBranch<T> branch)
            {
                _replaced.Add(child);
                node.RemoveChild(at);
                Tighten(node, place);
                return removed;
            }

            key = key[child.Prefix.Length..];
            place = new Place(node, at);
            branch = Writable(branch);
            node.Children[at] = branch;
            node = branch;
        }

        _replaced.Add(node.Leaf!);
        node.Leaf = null;
        Tighten(node, place);
        return removed;
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
            _root = new RadixBranch<T>([], _edit);
            return removed;
        }

        Place place = default;
        RadixBranch<T> node = _root = Writable(_root);
        int at = node.FindChild(prefix[0]);
        while (!ReferenceEquals(node.Children[at], top))
        {
            prefix = prefix[node.Children[at].Prefix.Length..];
            place = new Place(node, at);
            RadixBranch<T> branch = Writable((RadixBranch<T>)node.Children[at]);
            node.Children[at] = branch;
            node = branch;
            at = node.FindChild(prefix[0]);
        }

        node.RemoveChild(at);
        Tighten(node, place);
        return removed;
    }

    /// <summary>Fires the watches of all that was replaced. Call it after the new tree is published.</summary>
    public void Notify()
    {
        foreach (RadixNode<T> node in _replaced)
        {
            node.WatchSlot.Fire();
        }

        _replaced.Clear();
    }

    /// <summary>A branch where a new key parts from what stands there.</summary>
    private RadixBranch<T> Fork(RadixNode<T> child, ReadOnlySpan<byte> rest, int common, T value)
    {
        var fork = new RadixBranch<T>(RadixNode<T>.PrefixOf(rest[..common]), _edit);
        fork.AddChild(Moved(child, RadixNode<T>.PrefixOf(child.Prefix.AsSpan(common))));
        if (rest.Length == common)
        {
            fork.Leaf = new RadixLeaf<T>([], value);
        }
        else
        {
            fork.AddChild(new RadixLeaf<T>(RadixNode<T>.PrefixOf(rest[common..]), value));
        }

        return fork;
    }

    /// <summary>A branch in the place of a leaf, below which a key comes into being.</summary>
    private RadixBranch<T> GrowBelow(RadixLeaf<T> leaf, ReadOnlySpan<byte> rest, T value)
    {
        var branch = new RadixBranch<T>(leaf.Prefix, _edit) { Leaf = new RadixLeaf<T>([], leaf.Value) };
        branch.AddChild(new RadixLeaf<T>(RadixNode<T>.PrefixOf(rest), value));
        return branch;
    }

    /// <summary>
    /// Restores the shape after a removal: a branch with nothing below it becomes a leaf, and one with a single node below
    /// it and no value becomes one with that node. The root, which has no place, stays.
    /// </summary>
    private void Tighten(RadixBranch<T> branch, Place place)
    {
        if (place.Parent is not { } parent)
        {
            return;
        }

        if (branch.Children.Length == 0)
        {
            parent.Children[place.At] = Moved(branch.Leaf!, branch.Prefix);
        }
        else if (branch.Leaf is null && branch.Children.Length == 1)
        {
            RadixNode<T> only = branch.Children[0];
            parent.Children[place.At] = Moved(only, [.. branch.Prefix, .. only.Prefix]);
        }
    }

    private void Collect(RadixNode<T> top, List<T> removed)
    {
        var path = new Stack<RadixNode<T>>();
        path.Push(top);
        while (path.TryPop(out RadixNode<T>? node))
        {
            if (node is not RadixBranch<T> branch)
            {
                _replaced.Add(node);
                removed.Add(((RadixLeaf<T>)node).Value);
                continue;
            }

            if (branch.Edit != _edit)
            {
                _replaced.Add(branch);
            }

            for (int i = branch.Children.Length - 1; i >= 0; i--)
            {
                path.Push(branch.Children[i]);
            }

            if (branch.Leaf is { } leaf)
            {
                path.Push(leaf);
            }
        }
    }

    /// <summary>A node with another prefix in the place of <paramref name="node"/>.</summary>
    private RadixNode<T> Moved(RadixNode<T> node, byte[] prefix)
    {
        _replaced.Add(node);
        return node is RadixBranch<T> branch
            ? branch.CopyFor(_edit, prefix)
            : new RadixLeaf<T>(prefix, ((RadixLeaf<T>)node).Value);
    }

    private RadixBranch<T> Writable(RadixBranch<T> branch)
    {
        if (branch.Edit == _edit)
        {
            return branch;
        }

        _replaced.Add(branch);
        return branch.CopyFor(_edit);
    }

    /// <summary>Where a branch stands below another.</summary>
    private readonly record struct Place(RadixBranch<T>? Parent, int At);
}
