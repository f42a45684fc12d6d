using K8sConsul.Go;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Leader;

/// <summary>
/// Ends sessions whose time to live has passed. Only the leader runs the clock; a new leader gives every session its full
/// time again. One task and a queue by deadline, however many sessions there are.
/// </summary>
public sealed partial class SessionTimers(StateStore store, ICommandLog log, TimeProvider time, ILogger<SessionTimers> logger, LeaderMetrics metrics)
    : ISessionTimers
{
    /// <summary>A session lives at least its TTL and at most twice as long, so that a late renewal over a slow network still counts.</summary>
    private const int TtlMultiplier = 2;

    private const int DestroyAttemptsMax = 6;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, long> _queue = new();
    private readonly Dictionary<string, long> _deadlines = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _leading;

    /// <summary>Sessions that have a timer.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _deadlines.Count;
            }
        }
    }

    public void Renew(SessionRecord session)
    {
        if (TtlOf(session) is not { } ttl)
        {
            return;
        }

        lock (_gate)
        {
            if (!_leading)
            {
                return;
            }

            long deadline = time.GetTimestamp() + (long)(ttl.TotalSeconds * TtlMultiplier * time.TimestampFrequency);
            bool isNew = _deadlines.TryAdd(session.Id, deadline);
            _deadlines[session.Id] = deadline;
            if (isNew)
            {
                // A renewed session keeps its place in the queue: the runner finds the later deadline when it gets there.
                _queue.Enqueue(session.Id, deadline);
                _changed.TrySetResult();
            }
        }
    }

    /// <summary>Runs the clocks of all sessions until leadership ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Begin();
        try
        {
            while (true)
            {
                (string? expired, Task wake) = Next(out TimeSpan wait);
                if (expired is not null)
                {
                    await DestroyAsync(expired, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                try
                {
                    await wake.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // The first deadline has come.
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _leading = false;
                _queue.Clear();
                _deadlines.Clear();
            }
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            _leading = true;
        }

        foreach (SessionRecord session in store.Current.SessionList().Sessions)
        {
            Renew(session);
        }
    }

    private (string? Expired, Task Wake) Next(out TimeSpan wait)
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            wait = Timeout.InfiniteTimeSpan;
            while (_queue.TryPeek(out string? id, out long queuedFor))
            {
                long now = time.GetTimestamp();
                if (!_deadlines.TryGetValue(id, out long deadline))
                {
                    _queue.Dequeue();
                }
                else if (deadline > queuedFor)
                {
                    _queue.DequeueEnqueue(id, deadline);
                }
                else if (deadline > now)
                {
                    wait = TimeSpan.FromSeconds((double)(deadline - now) / time.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
                    break;
                }
                else
                {
                    _queue.Dequeue();
                    _deadlines.Remove(id);
                    return (id, _changed.Task);
                }
            }

            return (null, _changed.Task);
        }
    }

    private async Task DestroyAsync(string id, CancellationToken cancellationToken)
    {
        if (store.Current.SessionGet(id).Session is null)
        {
            return;
        }

        long started = time.GetTimestamp();
        for (int attempt = 0; attempt < DestroyAttemptsMax; attempt++)
        {
            try
            {
                await log.ApplyAsync(new SessionCommand(Destroy: true, new SessionRecord { Id = id, Node = string.Empty })).ConfigureAwait(false);
                metrics.SessionInvalidate.Since(started);
                LogExpired(id);
                return;
            }
            catch (ConsensusException failure) when (failure.Failure == ConsensusFailure.Overloaded)
            {
                LogDestroyFailed(id, failure.Message);
                await Task.Delay(TimeSpan.FromSeconds(10 * (1 << attempt)), time, cancellationToken).ConfigureAwait(false);
            }
            catch (ConsensusException)
            {
                // Leadership has ended, or will soon be known to; the next leader counts anew.
                return;
            }
        }
    }

    private static TimeSpan? TtlOf(SessionRecord session) =>
        session.Ttl.Length > 0 && GoDuration.TryParse(session.Ttl, out GoDuration ttl, out _) && ttl.Nanoseconds > 0
            ? TimeSpan.FromTicks(ttl.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : null;

    [LoggerMessage(1201, LogLevel.Debug, "Session TTL expired: session={Session}")]
    private partial void LogExpired(string session);

    [LoggerMessage(1202, LogLevel.Warning, "Failed to destroy expired session: session={Session} error={Error}")]
    private partial void LogDestroyFailed(string session, string error);
}
