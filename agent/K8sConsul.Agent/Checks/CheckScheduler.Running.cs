using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks;

public sealed partial class CheckScheduler
{
    private async Task RunAsync(CancellationToken stop)
    {
        List<ScheduledCheck> ready = [];
        while (!stop.IsCancellationRequested)
        {
            TimeSpan? wait;
            lock (_lock)
            {
                wait = TakeDue(ready);
            }

            foreach (ScheduledCheck check in ready)
            {
                _ = RunOnceAsync(check);
            }

            ready.Clear();
            try
            {
                await _wake.WaitAsync(wait, _time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Moves what is due out of the queue: TTL checks expire here, others go to <paramref name="ready"/> as their lane allows.</summary>
    /// <returns>Time until the next is due, or null when nothing waits.</returns>
    private TimeSpan? TakeDue(List<ScheduledCheck> ready)
    {
        TimeSpan now = Now;
        while (_due.TryPeek(out ScheduledCheck? check, out (TimeSpan At, long Order) due))
        {
            if (due.At > now && !check.Stop.IsCancellationRequested)
            {
                TimeSpan wait = due.At - now;
                _armedFor = due.At;
                return wait < Granularity ? Granularity : wait;
            }

            _due.Dequeue();
            if (check.Stop.IsCancellationRequested)
            {
                continue;
            }

            if (check.Definition.Kind == CheckKind.Ttl)
            {
                Expire(check, now);
            }
            else if (LaneOf(check.Definition.Kind).TryEnter(check))
            {
                _runs++;
                ready.Add(check);
            }
        }

        _armedFor = null;
        return null;
    }

    private void Expire(ScheduledCheck check, TimeSpan now)
    {
        if (check.Deadline > now)
        {
            Enqueue(check, check.Deadline);
            return;
        }

        check.Queued = false;
        LogTtlMissed(_logger, check.Id);
        Publish(check, CheckStatus.Critical, check.LastOutput.Length == 0 ? "TTL expired" : $"TTL expired (last output before timeout follows): {check.LastOutput}");
    }

    /// <summary>One run, and whatever waits for its place. Counted in <see cref="_runs"/> and its lane by whoever calls.</summary>
    private async Task RunOnceAsync(ScheduledCheck check)
    {
        // Off the loop's stack: the beginning of a run (a socket, a fork) must not hold up the others that are due.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            CheckResult? result = await ProbeAsync(check).ConfigureAwait(false);
            lock (_lock)
            {
                if (!check.Stop.IsCancellationRequested)
                {
                    if (result is { } found)
                    {
                        Judge(check, found);
                    }

                    Enqueue(check, Now + check.Definition.Interval);
                }

                RunLane<ScheduledCheck> lane = LaneOf(check.Definition.Kind);
                do
                {
                    if (!lane.TryLeave(out check))
                    {
                        EndRun();
                        break;
                    }
                }
                while (check.Stop.IsCancellationRequested);
            }

            _wake.Wake();
            if (check is null)
            {
                return;
            }
        }
    }

    private async Task<CheckResult?> ProbeAsync(ScheduledCheck check)
    {
        try
        {
            return await _probes[check.Definition.Kind].RunAsync(check.Definition, check.OutputMax, check.Stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (check.Stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            // The top of a run: a probe that fails in a way it does not know is a check that failed, and shows it.
            LogProbeBroken(_logger, check.Id, e);
            return CheckResult.Critical(e.Message);
        }
    }

    private async Task WatchAliasAsync(ScheduledCheck check, IRemoteAliasRunner aliases)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await aliases.WatchAsync(
                check.Definition,
                result =>
                {
                    lock (_lock)
                    {
                        if (!check.Stop.IsCancellationRequested)
                        {
                            Publish(check, result.Status, Cut(result.Output, check.OutputMax));
                        }
                    }
                },
                check.Stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (check.Stop.IsCancellationRequested)
        {
            // Stopped: the alias is gone.
        }
        catch (Exception e)
        {
            LogProbeBroken(_logger, check.Id, e);
        }

        lock (_lock)
        {
            EndRun();
        }
    }

    private void EndRun()
    {
        _runs--;
        if (_stopped && _runs == 0)
        {
            _drained.TrySetResult();
        }
    }

    private void Judge(ScheduledCheck check, CheckResult result)
    {
        if (check.Thresholds.Count(result.Status) is { } status)
        {
            Publish(check, status, result.Output);
        }
        else if (result.Status == CheckStatus.Critical)
        {
            LogBelowFailures(_logger, check.Id, result.Status.Text(), check.Thresholds.Failures, check.Definition.FailuresBeforeCritical);
        }
        else
        {
            LogBelowSuccesses(_logger, check.Id, result.Status.Text(), check.Thresholds.Successes, check.Definition.SuccessBeforePassing);
        }
    }

    private void Publish(ScheduledCheck check, CheckStatus status, string output)
    {
        if (status == CheckStatus.Critical && check.Published != CheckStatus.Critical)
        {
            LogCritical(_logger, check.Id);
        }
        else
        {
            LogUpdated(_logger, check.Id, status.Text());
        }

        check.Published = status;
        _sink(check.Id, status, output);
    }
}
