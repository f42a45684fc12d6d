namespace K8sConsul.Gossip;

/// <summary>
/// What the core wants to do later. Entries of one moment run in the order in which they were made, so that a run can be
/// replayed.
/// </summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<TimerEntry, (TimeSpan Due, long Order)> _entries = new();
    private long _order;

    /// <summary>When the shell must call again, or null. Cancelled entries are skipped here, not when they are cancelled.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_entries.TryPeek(out TimerEntry? entry, out (TimeSpan Due, long Order) priority))
            {
                if (entry.Run is not null)
                {
                    return priority.Due;
                }

                _entries.Dequeue();
            }

            return null;
        }
    }

    public TimerEntry Schedule(TimeSpan due, Action run)
    {
        var entry = new TimerEntry { Run = run };
        _entries.Enqueue(entry, (due, _order++));
        return entry;
    }

    /// <summary>Runs the earliest entry if it is due.</summary>
    public bool TryRunNext(TimeSpan now)
    {
        if (NextDue is not { } due || due > now)
        {
            return false;
        }

        TimerEntry entry = _entries.Dequeue();
        Action run = entry.Run!;
        entry.Run = null;
        run();
        return true;
    }
}

/// <summary>Something scheduled. Cancelling what has run or was cancelled does nothing.</summary>
internal sealed class TimerEntry
{
    // Null once it has run or was cancelled.
    internal Action? Run { get; set; }

    public bool IsPending => Run is not null;

    public void Cancel() => Run = null;
}
