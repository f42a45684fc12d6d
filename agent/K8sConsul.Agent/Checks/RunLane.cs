namespace K8sConsul.Agent.Checks;

/// <summary>Bounds how many checks of a kind run at once; those that wait keep their order. Not thread-safe: its owner's lock covers it.</summary>
internal sealed class RunLane<T>(int limit)
{
    private readonly Queue<T> _waiting = new();
    private int _running;

    public int Running => _running;

    public int Waiting => _waiting.Count;

    /// <summary>True when the item may run now; else it waits for <see cref="TryLeave"/>.</summary>
    public bool TryEnter(T item)
    {
        if (_running < limit)
        {
            _running++;
            return true;
        }

        _waiting.Enqueue(item);
        return false;
    }

    /// <summary>A run has ended; the next in line takes its place.</summary>
    public bool TryLeave(out T next)
    {
        if (_waiting.TryDequeue(out next!))
        {
            return true;
        }

        _running--;
        return false;
    }
}
