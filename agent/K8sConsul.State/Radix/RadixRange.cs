using System.Collections;

namespace K8sConsul.State.Radix;

/// <summary>The values of a subtree in key order. Enumerate it with <c>foreach</c>; it is as immutable as its tree.</summary>
public readonly struct RadixRange<T> : IEnumerable<T>
    where T : class
{
    private readonly RadixNode<T>? _top;

    internal RadixRange(RadixNode<T>? top) => _top = top;

    public bool IsEmpty => _top is null or RadixBranch<T> { Leaf: null, Children.Length: 0 };

    /// <summary>Adds the values to <paramref name="values"/>; <paramref name="path"/> is scratch, so that nothing is allocated for the walk.</summary>
    internal void CopyTo(List<T> values, Stack<RadixNode<T>> path)
    {
        if (_top is null)
        {
            return;
        }

        path.Push(_top);
        while (path.TryPop(out RadixNode<T>? node))
        {
            if (node is not RadixBranch<T> branch)
            {
                values.Add(((RadixLeaf<T>)node).Value);
                continue;
            }

            if (branch.Leaf is { } leaf)
            {
                values.Add(leaf.Value);
            }

            for (int i = branch.Children.Length - 1; i >= 0; i--)
            {
                path.Push(branch.Children[i]);
            }
        }
    }

    public Enumerator GetEnumerator() => new(_top);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks depth first with an explicit stack of (branch, next child): keys may be long, the call stack must not be.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly Stack<(RadixBranch<T> Branch, int NextChild)>? _path;
        private RadixNode<T>? _start;
        private T? _current;

        internal Enumerator(RadixNode<T>? top)
        {
            _start = top;
            _path = top is RadixBranch<T> ? new Stack<(RadixBranch<T>, int)>() : null;
        }

        public readonly T Current => _current!;

        readonly object IEnumerator.Current => _current!;

        public bool MoveNext()
        {
            if (_start is { } start)
            {
                _start = null;
                if (Enter(start))
                {
                    return true;
                }
            }

            while (_path is { Count: > 0 })
            {
                (RadixBranch<T> branch, int next) = _path.Pop();
                if (next + 1 < branch.Children.Length)
                {
                    _path.Push((branch, next + 1));
                }

                if (Enter(branch.Children[next]))
                {
                    return true;
                }
            }

            _current = null;
            return false;
        }

        public readonly void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
            // Nothing is held.
        }

        /// <returns>Whether the node has a value of its own.</returns>
        private bool Enter(RadixNode<T> node)
        {
            if (node is not RadixBranch<T> branch)
            {
                _current = ((RadixLeaf<T>)node).Value;
                return true;
            }

            if (branch.Children.Length > 0)
            {
                _path!.Push((branch, 0));
            }

            _current = branch.Leaf?.Value;
            return _current is not null;
        }
    }
}
