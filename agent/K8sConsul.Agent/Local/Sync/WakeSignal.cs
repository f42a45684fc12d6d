namespace K8sConsul.Agent.Local;

/// <summary>A one-slot flag that a loop waits for: many wakes before a wait are one. One waiter.</summary>
internal sealed class WakeSignal
{
    private readonly SemaphoreSlim _slot = new(0, 1);
    private int _set;
    private int _waiting;

    /// <summary>Somebody waits, and nothing has woken him: for tests that must know that a loop has seen everything.</summary>
    public bool IsIdle => Volatile.Read(ref _waiting) == 1 && Volatile.Read(ref _set) == 0;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _set, 1) == 0)
        {
            _slot.Release();
        }
    }

    /// <summary>Waits for a wake, or until <paramref name="limit"/> has passed; null waits for a wake only.</summary>
    public async Task WaitAsync(TimeSpan? limit, TimeProvider time, CancellationToken stop)
    {
        if (limit is { } delay)
        {
            // The timer wakes the same slot; a late one costs an empty turn of the loop and nothing else.
            ITimer timer = time.CreateTimer(static s => ((WakeSignal)s!).Wake(), this, delay < TimeSpan.Zero ? TimeSpan.Zero : delay, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                Volatile.Write(ref _waiting, 1);
                await _slot.WaitAsync(stop).ConfigureAwait(false);
            }
        }
        else
        {
            Volatile.Write(ref _waiting, 1);
            await _slot.WaitAsync(stop).ConfigureAwait(false);
        }

        Volatile.Write(ref _waiting, 0);
        Volatile.Write(ref _set, 0);
    }
}
