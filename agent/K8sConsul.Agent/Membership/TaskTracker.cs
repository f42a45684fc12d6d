namespace K8sConsul.Agent.Membership;

/// <summary>Owns short-lived tasks, so that stopping can wait for all of them and none fails unseen.</summary>
internal sealed class TaskTracker
{
    // Guards the set against a task ending while another is added or all are collected.
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    public void Run(Func<Task> work)
    {
        Task task = Task.Run(work);
        lock (_gate)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for all; an exception that a task did not handle comes out here.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_running);
        }
    }

    private void Remove(Task task)
    {
        // A failed task stays until somebody waits: its exception is a bug, and must come out.
        if (!task.IsFaulted)
        {
            lock (_gate)
            {
                _running.Remove(task);
            }
        }
    }
}
