namespace K8sConsul.State.Watching;

/// <summary>
/// What one run of a query depends on. The query adds the parts of the state that it read; <see cref="Signalled"/>
/// completes when any of them is replaced. Over-notification is legal, a missed one is not.
/// </summary>
/// <remarks>Dispose it when the wait ends, or a watch on a part that never changes would keep every past waiter.</remarks>
public sealed class WatchSet : IDisposable
{
    private readonly TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WatchLink> _links = [];

    public Task Signalled => _signal.Task;

    public void Dispose()
    {
        foreach (WatchLink link in _links)
        {
            link.Watch.Unlink(link);
        }

        _links.Clear();
    }

    internal void Add(Watch watch)
    {
        var link = new WatchLink(this, watch);
        if (watch.TryLink(link))
        {
            _links.Add(link);
        }
        else
        {
            Signal();
        }
    }

    internal void Signal() => _signal.TrySetResult();
}
