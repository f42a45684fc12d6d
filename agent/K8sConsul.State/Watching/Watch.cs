namespace K8sConsul.State.Watching;

/// <summary>
/// A one-shot signal attached to a part of the state (a tree node, a leaf, a whole snapshot). It fires once, when that
/// part is replaced; whoever is interested afterwards reads the new state and attaches to the part's successor.
/// </summary>
public sealed class Watch
{
    /// <summary>The watch of whatever is already replaced: adding to it signals at once.</summary>
    internal static readonly Watch Fired = new() { _fired = true };

    private readonly Lock _gate = new();
    private WatchLink? _first;
    private bool _fired;

    /// <summary>How many wait. It walks the list: for diagnostics and tests.</summary>
    internal int WaiterCount
    {
        get
        {
            lock (_gate)
            {
                int count = 0;
                for (WatchLink? link = _first; link is not null; link = link.Next)
                {
                    count++;
                }

                return count;
            }
        }
    }

    /// <returns>False when the watch has fired already; then nothing was linked.</returns>
    internal bool TryLink(WatchLink link)
    {
        lock (_gate)
        {
            if (_fired)
            {
                return false;
            }

            link.Next = _first;
            if (_first is not null)
            {
                _first.Previous = link;
            }

            _first = link;
            return true;
        }
    }

    internal void Unlink(WatchLink link)
    {
        lock (_gate)
        {
            if (_fired)
            {
                return;
            }

            if (link.Previous is null)
            {
                _first = link.Next;
            }
            else
            {
                link.Previous.Next = link.Next;
            }

            if (link.Next is not null)
            {
                link.Next.Previous = link.Previous;
            }
        }
    }

    internal void FireAll()
    {
        WatchLink? link;
        lock (_gate)
        {
            // From here on the list is ours: Unlink leaves a fired watch alone.
            _fired = true;
            link = _first;
            _first = null;
        }

        for (; link is not null; link = link.Next)
        {
            link.Set.Signal();
        }
    }
}

/// <summary>One membership of a <see cref="WatchSet"/> in the waiting list of a <see cref="Watching.Watch"/>.</summary>
internal sealed class WatchLink(WatchSet set, Watch watch)
{
    public WatchSet Set { get; } = set;

    public Watch Watch { get; } = watch;

    public WatchLink? Next { get; set; }

    public WatchLink? Previous { get; set; }
}
