using System.Collections;

namespace K8sConsul.State.Radix;

/// <summary>The values of a subtree in key order. Enumerate it with <c>foreach</c>; it is as immutable as its tree.</summary>
public readonly struct RadixRange<T> : IEnumerable<T>
    where T : class
{
    private readonly RadixNode<T>? _top;

    internal RadixRange(RadixNode<T>? top) => _top = top;

    public bool IsEmpty => _top is null || (_top.Leaf is null && _top.Children.Length == 0);

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
            if (node.Leaf is { } leaf)
            {
                values.Add(leaf.Value);
            }

            for (int i = node.Children.Length - 1; i >= 0; i--)
            {
                path.Push(node.Children[i]);
            }
        }
    }

    public Enumerator GetEnumerator() => new(_top);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks depth first with an explicit stack of (node, next child): keys may be long, the call stack must not be.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly Stack<(RadixNode<T> Node, int NextChild)>? _path;
        private RadixNode<T>? _start;
        private T? _current;

        internal Enumerator(RadixNode<T>? top)
        {
            _start = top;
            _path = top is { Children.Length: > 0 } ? new Stack<(RadixNode<T>, int)>() : null;
        }

        public readonly T Current => _current!;

        readonly object IEnumerator.Current => _current!;

        public bool MoveNext()
        {
            if (_start is { } start)
            {
                _start = null;
                _path?.Push((start, 0));
                if (start.Leaf is { } leaf)
                {
                    _current = leaf.Value;
                    return true;
                }
            }

            while (_path is { Count: > 0 })
            {
                (RadixNode<T> node, int next) = _path.Pop();
                if (next >= node.Children.Length)
                {
                    continue;
                }

                if (next + 1 < node.Children.Length)
                {
                    _path.Push((node, next + 1));
                }

                RadixNode<T> child = node.Children[next];
                if (child.Children.Length > 0)
                {
                    _path.Push((child, 0));
                }

                if (child.Leaf is { } leaf)
                {
                    _current = leaf.Value;
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
    }
}
