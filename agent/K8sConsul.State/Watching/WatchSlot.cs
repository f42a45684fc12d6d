namespace K8sConsul.State.Watching;

/// <summary>
/// Where a part of the state keeps its watch: made when somebody first waits for the part, fired when the part is replaced.
/// </summary>
/// <remarks>
/// That the part is replaced is told by a number, not by a reference to some fired watch. Replaced parts are old objects
/// all over the heap, and a reference stored in one makes the collector look there for young objects: with a million keys
/// that was a fifth of all time spent on writes.
/// </remarks>
internal struct WatchSlot
{
    private Watch? _watch;
    private int _replaced;

    /// <summary>The watch that is there, if anybody ever waited.</summary>
    public readonly Watch? Present => _watch;

    /// <summary>The watch to wait on; it has fired already when the part is replaced.</summary>
    public Watch Watch()
    {
        Watch? watch = Volatile.Read(ref _watch);
        if (watch is null)
        {
            var made = new Watch();
            watch = Interlocked.CompareExchange(ref _watch, made, null) ?? made;
        }

        // Fire sets its mark and then looks for a watch; here a watch is set first, and then the mark is looked for. One of
        // the two sees the other.
        return Volatile.Read(ref _replaced) == 0 ? watch : Watching.Watch.Fired;
    }

    /// <summary>Marks the part as replaced and wakes who waits for that.</summary>
    public void Fire()
    {
        Interlocked.Exchange(ref _replaced, 1);
        Volatile.Read(ref _watch)?.FireAll();
    }
}
