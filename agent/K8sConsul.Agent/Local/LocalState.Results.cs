using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

public sealed partial class LocalState
{
    // Armed while output of that check waits to be synced. Touched only under the lock.
    private readonly Dictionary<string, ITimer> _deferrals = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes a result. A change of status is synced at once; a change of output alone waits, so that a chatty check does
    /// not write to the catalog with each run.
    /// </summary>
    /// <returns>False when there is no such check.</returns>
    public bool UpdateCheck(string id, CheckStatus status, string output)
    {
        bool dirty;
        lock (_lock)
        {
            if (!_current.Checks.TryGetValue(id, out LocalCheck? check))
            {
                return false;
            }

            (LocalSnapshot next, dirty) = Update(_current, check, status, output);
            _current = ReferenceEquals(next, _current) ? next : SettleAliases(next, check.ServiceId);
        }

        if (dirty)
        {
            _syncNeeded();
        }

        return true;
    }

    private (LocalSnapshot Next, bool Dirty) Update(LocalSnapshot snapshot, LocalCheck check, CheckStatus status, string output)
    {
        if (_options.DiscardCheckOutput)
        {
            output = "";
        }

        if (check.Status == status && string.Equals(check.Output, output, StringComparison.Ordinal))
        {
            return (snapshot, false);
        }

        LocalCheck updated = check with
        {
            Status = status,
            Output = output,
            CriticalSince = status != CheckStatus.Critical ? null : check.CriticalSince ?? _time.GetTimestamp(),
            Revision = ++_revision,
        };
        if (check.Status == status && _options.CheckUpdateInterval > TimeSpan.Zero)
        {
            Defer(check.Id);
            return (snapshot.WithCheck(updated with { OutputDeferred = true }), false);
        }

        CancelDeferral(check.Id);
        return (snapshot.WithCheck(updated with { InSync = false, OutputDeferred = false }), true);
    }

    private void Defer(string id)
    {
        if (_disposed || _deferrals.ContainsKey(id))
        {
            return;
        }

        TimeSpan interval = _options.CheckUpdateInterval;
        TimeSpan delay = (interval / 2) + _stagger(interval);
        ITimer? timer = null;
        timer = _time.CreateTimer(_ => DeferralDue(id, timer), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deferrals.Add(id, timer);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void DeferralDue(string id, ITimer? timer)
    {
        lock (_lock)
        {
            // A timer that fires while its check is being replaced belongs to the check that is gone.
            if (timer is null || !_deferrals.TryGetValue(id, out ITimer? armed) || !ReferenceEquals(armed, timer))
            {
                return;
            }

            CancelDeferral(id);
            if (!_current.Checks.TryGetValue(id, out LocalCheck? check))
            {
                return;
            }

            _current = _current.WithCheck(check with { InSync = false, OutputDeferred = false, Revision = ++_revision });
        }

        _syncNeeded();
    }

    private void CancelDeferral(string id)
    {
        if (_deferrals.Remove(id, out ITimer? timer))
        {
            timer.Dispose();
        }
    }
}
