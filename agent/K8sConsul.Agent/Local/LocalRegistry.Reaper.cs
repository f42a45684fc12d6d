namespace K8sConsul.Agent.Local;

public sealed partial class LocalRegistry
{
    /// <summary>Looks every <see cref="RegistryOptions.ReapInterval"/> for services that were critical for too long, until stopped.</summary>
    public async Task ReapAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(_options.ReapInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                ReapCritical();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    /// <summary>Deregisters each service with a check that has been critical for longer than its <c>deregister_critical_service_after</c>.</summary>
    public void ReapCritical()
    {
        lock (_lock)
        {
            HashSet<string> reaped = new(StringComparer.Ordinal);
            foreach (LocalCheck check in _state.Current.Checks.Values)
            {
                if (check.Definition is { DeregisterCriticalServiceAfter: { Ticks: > 0 } limit }
                    && check.ServiceId.Length > 0
                    && check.CriticalSince is { } since
                    && _time.GetElapsedTime(since) > limit
                    && reaped.Add(check.ServiceId))
                {
                    DeregisterServiceLocked(check.ServiceId);
                    LogReaped(_logger, check.ServiceId);
                }
            }
        }
    }
}
