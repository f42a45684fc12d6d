namespace K8sConsul.Cli.Tests.AgentCommands;

/// <summary>A clock whose timers fire when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Armed)> _waiting = [];

    /// <summary>Ends when a timer of that time has been set.</summary>
    public Task Armed(TimeSpan dueTime)
    {
        lock (_lock)
        {
            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_timers.Exists(timer => timer.DueTime == dueTime))
            {
                armed.SetResult();
            }

            _waiting.Add((dueTime, armed));
            return armed.Task;
        }
    }

    public void Fire()
    {
        ManualTimer[] due;
        lock (_lock)
        {
            due = [.. _timers];
            _timers.Clear();
        }

        foreach (ManualTimer timer in due)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, dueTime);
        lock (_lock)
        {
            _timers.Add(timer);
            foreach ((TimeSpan due, TaskCompletionSource armed) in _waiting)
            {
                if (due == dueTime)
                {
                    armed.TrySetResult();
                }
            }
        }

        return timer;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state, TimeSpan dueTime) : ITimer
    {
        public TimeSpan DueTime { get; } = dueTime;

        public void Fire()
        {
            callback(state);
        }

        public bool Change(TimeSpan due, TimeSpan period)
        {
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
