namespace K8sConsul.Agent.Local;

public sealed partial class LocalState
{
    // Waiters for a change of one service. Touched only under the lock; a waiter that gave up is replaced or woken later.
    private readonly Dictionary<string, TaskCompletionSource> _waiters = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits while the service exists with exactly this hash: the blocking form of <c>/v1/agent/service/:id</c>. Ends at
    /// once when the hash is another, or there is no such service.
    /// </summary>
    public async Task WaitForServiceChangeAsync(string id, string knownHash, CancellationToken stop)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!_current.Services.TryGetValue(id, out LocalService? service)
                    || !string.Equals(service.ContentHash, knownHash, StringComparison.Ordinal))
                {
                    return;
                }

                if (!_waiters.TryGetValue(id, out TaskCompletionSource? waiter))
                {
                    // Continuations run elsewhere: the writer that wakes must not run readers' code.
                    _waiters.Add(id, waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }

                changed = waiter.Task;
            }

            await changed.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private void TakeWaiters(string id, ref List<TaskCompletionSource>? woken)
    {
        if (_waiters.Remove(id, out TaskCompletionSource? waiter))
        {
            (woken ??= []).Add(waiter);
        }
    }

    private static void Wake(List<TaskCompletionSource>? woken)
    {
        foreach (TaskCompletionSource waiter in woken ?? [])
        {
            waiter.TrySetResult();
        }
    }
}
