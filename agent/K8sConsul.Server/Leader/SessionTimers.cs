using K8sConsul.Go;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Watching;
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

    /// <summary>Sessions that end together share the log's flushes; one after the other the last would be seconds late.</summary>
    private const int DestroysAtOnce = 256;

    /// <summary>Waits for a failed destroy to be tried again double up to this exponent.</summary>
    private const int AttemptsCounted = 5;

    /// <summary>Entries of ended sessions that the queue may hold before they are looked for.</summary>
    private const int EndedMax = 1024;

    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(10);

    /// <summary>Beyond this nothing is waited for at once: timers have a limit, and a restored archive may hold any TTL.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);

    private static readonly TimeSpan TtlMax = TimeSpan.FromDays(3650);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, long> _queue = new();
    private readonly Dictionary<string, long> _deadlines = new(StringComparer.Ordinal);

    /// <summary>How often the destruction of an expired session has failed.</summary>
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pruneAt = EndedMax;
    private bool _leading;
    private volatile Task? _waitsFor;

    /// <summary>The timer is armed with all that is known: whoever moves a clock by hand waits for this.</summary>
    internal bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return ReferenceEquals(_waitsFor, _changed.Task) && !_changed.Task.IsCompleted;
            }
        }
    }

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

            _failures.Remove(session.Id);
            Arm(session.Id, ttl * TtlMultiplier);
        }
    }

    /// <summary>Runs the clocks of all sessions until leadership ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // A restore brings sessions that nobody has created here: then all begin anew.
                using var restore = new WatchSet();
                store.Current.WatchRestore(restore);
                Begin();
                await RunUntilAsync(restore.Signalled, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Clear(leading: false);
        }
    }

    private async Task RunUntilAsync(Task restored, CancellationToken cancellationToken)
    {
        while (!restored.IsCompleted)
        {
            List<string> expired = Next(out TimeSpan wait, out Task changed);
            if (expired.Count > 0)
            {
                await Task.WhenAll(expired.Select(DestroyAsync)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            Task waiting = Task.WhenAny(changed, restored).WaitAsync(wait, time, cancellationToken);
            _waitsFor = changed;
            try
            {
                await waiting.ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The first deadline has come.
            }
        }
    }

    private void Begin()
    {
        Clear(leading: true);
        foreach (SessionRecord session in store.Current.SessionList().Sessions)
        {
            Renew(session);
        }
    }

    private void Clear(bool leading)
    {
        lock (_gate)
        {
            _leading = leading;
            _queue.Clear();
            _deadlines.Clear();
            _failures.Clear();
        }
    }

    /// <summary>Under the gate.</summary>
    private void Arm(string id, TimeSpan after)
    {
        long deadline = time.GetTimestamp() + (long)(after.TotalSeconds * time.TimestampFrequency);
        bool isNew = _deadlines.TryAdd(id, deadline);
        _deadlines[id] = deadline;
        if (isNew)
        {
            // A renewed session keeps its place in the queue: the runner finds the later deadline when it gets there.
            ForgetEnded();
            _queue.Enqueue(id, deadline);
            _changed.TrySetResult();
        }
    }

    /// <summary>
    /// Sessions that were destroyed or invalidated leave their timer behind, which for long TTLs could be many: when there may be as
    /// many of them as living ones, they are looked for.
    /// </summary>
    private void ForgetEnded()
    {
        if (_queue.Count < _pruneAt)
        {
            return;
        }

        StateSnapshot state = store.Current;
        (string Id, long Deadline)[] living =
        [
            .. _queue.UnorderedItems.Where(item => state.SessionGet(item.Element).Session is not null).Select(item => (item.Element, item.Priority)),
        ];
        _queue.Clear();
        _queue.EnqueueRange(living);
        var ids = living.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        foreach (string ended in _deadlines.Keys.Where(id => !ids.Contains(id)).ToArray())
        {
            _deadlines.Remove(ended);
            _failures.Remove(ended);
        }

        _pruneAt = EndedMax + (2 * living.Length);
    }

    /// <returns>The sessions whose time is up; they have no timer any more.</returns>
    private List<string> Next(out TimeSpan wait, out Task changed)
    {
        var expired = new List<string>();
        lock (_gate)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed = _changed.Task;
            wait = WaitMax;
            long now = time.GetTimestamp();
            while (expired.Count < DestroysAtOnce && _queue.TryPeek(out string? id, out long queuedFor))
            {
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
                    TimeSpan left = TimeSpan.FromSeconds((double)(deadline - now) / time.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
                    wait = left < WaitMax ? left : WaitMax;
                    break;
                }
                else
                {
                    _queue.Dequeue();
                    _deadlines.Remove(id);
                    expired.Add(id);
                }
            }
        }

        return expired;
    }

    private async Task DestroyAsync(string id)
    {
        if (store.Current.SessionGet(id).Session is null)
        {
            return;
        }

        long started = time.GetTimestamp();
        try
        {
            await log.ApplyAsync(new SessionCommand(Destroy: true, new SessionRecord { Id = id, Node = string.Empty })).ConfigureAwait(false);
            metrics.SessionInvalidate.Since(started);
            LogExpired(id);
        }
        catch (ConsensusException failure)
        {
            // If leadership has ended the next leader counts anew. But it may also stay, as after a transfer that failed.
            LogDestroyFailed(id, failure.Message);
            lock (_gate)
            {
                int failures = _failures.GetValueOrDefault(id);
                if (_leading && !_deadlines.ContainsKey(id))
                {
                    Arm(id, RetryWait * (1 << failures));
                    _failures[id] = Math.Min(failures + 1, AttemptsCounted);
                }
            }
        }
    }

    private static TimeSpan? TtlOf(SessionRecord session) =>
        session.Ttl.Length > 0 && GoDuration.TryParse(session.Ttl, out GoDuration ttl, out _) && ttl.Nanoseconds > 0
            ? TimeSpan.FromTicks(Math.Min(ttl.Nanoseconds / TimeSpan.NanosecondsPerTick, TtlMax.Ticks))
            : null;

    [LoggerMessage(1201, LogLevel.Debug, "Session TTL expired: session={Session}")]
    private partial void LogExpired(string session);

    [LoggerMessage(1202, LogLevel.Warning, "Failed to destroy expired session: session={Session} error={Error}")]
    private partial void LogDestroyFailed(string session, string error);
}
