using System.Globalization;
using System.Text;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Checks;

/// <summary>Where results go: usually <see cref="LocalState.UpdateCheck"/>.</summary>
public delegate void CheckResultSink(string checkId, CheckStatus status, string output);

/// <summary>
/// Runs all checks of the agent from one queue ordered by due time: one timer, no thread and no task per waiting check.
/// The first run comes after a random part of the interval, each further one an interval after the end of the last.
/// </summary>
public sealed partial class CheckScheduler : ICheckRunner, IAsyncDisposable
{
    /// <summary>Shorter intervals are raised to this, with a warning by whoever registers.</summary>
    public static readonly TimeSpan IntervalMin = TimeSpan.FromSeconds(1);

    /// <summary>Due times are met within this, so that many checks share a turn of the loop.</summary>
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(10);

    private readonly IReadOnlyDictionary<CheckKind, IProbe> _probes;
    private readonly CheckResultSink _sink;
    private readonly IRemoteAliasRunner? _remoteAliases;
    private readonly Stagger _stagger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ScheduledCheck> _checks = new(StringComparer.Ordinal);
    // Of those due at the same time the first to come is first.
    private readonly PriorityQueue<ScheduledCheck, (TimeSpan At, long Order)> _due = new();
    private readonly Dictionary<CheckKind, RunLane<ScheduledCheck>> _lanes = [];

    // Completed when the scheduler is stopped and the last run has ended.
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CheckSchedulerOptions _options;

    // What the loop waits for, or will in this turn: the head of the queue when it last looked.
    private TimeSpan? _armedFor;
    private long _order;
    private int _runs;
    private bool _stopped;
    private Task _loop = Task.CompletedTask;

    /// <summary>
    /// Runs nothing yet. An alias that names <paramref name="nodeName"/> is settled by the state and not run here; without
    /// <paramref name="remoteAliases"/> an alias of another node stays as registered.
    /// </summary>
    public CheckScheduler(
        string nodeName,
        CheckSchedulerOptions options,
        IReadOnlyDictionary<CheckKind, IProbe> probes,
        CheckResultSink sink,
        IRemoteAliasRunner? remoteAliases,
        Stagger stagger,
        TimeProvider time,
        ILogger logger)
    {
        NodeName = nodeName;
        _options = options;
        _probes = probes;
        _sink = sink;
        _remoteAliases = remoteAliases;
        _stagger = stagger;
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
    }

    public string NodeName { get; }

    /// <summary>The probes of all kinds that this build runs.</summary>
    public static IReadOnlyDictionary<CheckKind, IProbe> StandardProbes(ProbeTls tls, TimeProvider time) => new Dictionary<CheckKind, IProbe>
    {
        [CheckKind.Script] = new ScriptProbe(time),
        [CheckKind.Http] = new HttpProbe(tls, time),
        [CheckKind.Tcp] = new TcpProbe(tls, time),
        [CheckKind.Udp] = new UdpProbe(time),
        [CheckKind.Grpc] = new GrpcProbe(tls, time),
        [CheckKind.H2Ping] = new H2PingProbe(tls, time),
    };

    /// <summary>Begins to run what is due. Call once; <see cref="DisposeAsync"/> ends it.</summary>
    public void Start() => _loop = RunAsync(_stop.Token);

    public void Reconfigure(CheckSchedulerOptions options) => _options = options;

    public void Start(string checkId, CheckDefinition definition)
    {
        ScheduledCheck check = new(checkId, definition, definition.OutputMaxSize > 0 ? definition.OutputMaxSize : _options.OutputMaxSize);
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            // A client that registers the same check again and again must not put its first run off for ever. A TTL
            // begins anew, as in Consul: who registers is alive.
            if (definition.Kind != CheckKind.Ttl
                && _checks.TryGetValue(checkId, out ScheduledCheck? running)
                && running.Definition.Equals(definition)
                && running.OutputMax == check.OutputMax)
            {
                return;
            }

            Stop(checkId);

            switch (definition.Kind)
            {
                case CheckKind.Ttl:
                    check.Deadline = Now + definition.Ttl;
                    check.Queued = true;
                    Enqueue(check, check.Deadline);
                    break;
                case CheckKind.Alias:
                    if (LocalState.IsLocalAlias(definition, NodeName))
                    {
                        return;
                    }

                    if (_remoteAliases is not null)
                    {
                        _runs++;
                        _ = WatchAliasAsync(check, _remoteAliases);
                    }

                    break;
                default:
                    Enqueue(check, Now + _stagger(definition.Interval));
                    break;
            }

            _checks.Add(checkId, check);
        }

        _wake.Wake();
    }

    public void Stop(string checkId)
    {
        lock (_lock)
        {
            if (_checks.Remove(checkId, out ScheduledCheck? check))
            {
                // What stands in the queue is dropped when its turn comes. Asynchronously, because what waits for the token
                // must not go on under this lock.
                _ = check.Stop.CancelAsync();
            }
        }
    }

    public string? ReportTtl(string checkId, CheckStatus status, string output)
    {
        lock (_lock)
        {
            if (!_checks.TryGetValue(checkId, out ScheduledCheck? check) || check.Definition.Kind != CheckKind.Ttl)
            {
                return null;
            }

            output = Cut(output, check.OutputMax);
            check.LastOutput = output;
            check.Deadline = Now + check.Definition.Ttl;
            if (!check.Queued)
            {
                check.Queued = true;
                Enqueue(check, check.Deadline);
            }

            // Within the lock, so that an expiry cannot overtake the report that prevents it.
            Publish(check, status, output);
        }

        _wake.Wake();
        return output;
    }

    /// <summary>Ends all checks and waits for the runs under way.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            foreach (ScheduledCheck check in _checks.Values)
            {
                _ = check.Stop.CancelAsync();
            }

            _checks.Clear();
            if (_runs == 0)
            {
                _drained.TrySetResult();
            }
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _drained.Task.ConfigureAwait(false);
        foreach (IDisposable probe in _probes.Values.OfType<IDisposable>())
        {
            probe.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>The loop has seen every change and waits for the right moment: for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _wake.IsIdle && _armedFor == (_due.TryPeek(out _, out (TimeSpan At, long Order) due) ? due.At : null);
            }
        }
    }

    /// <summary>Consul's cut of a report: the beginning is kept, in bytes, and how much there was is said.</summary>
    internal static string Cut(string output, int max)
    {
        int total = Encoding.UTF8.GetByteCount(output);
        return total <= max
            ? output
            : string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(output).AsSpan(0, max))} ... (captured {max} of {total} bytes)");
    }

    private void Enqueue(ScheduledCheck check, TimeSpan at) => _due.Enqueue(check, (at, _order++));

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private RunLane<ScheduledCheck> LaneOf(CheckKind kind)
    {
        if (!_lanes.TryGetValue(kind, out RunLane<ScheduledCheck>? lane))
        {
            _lanes.Add(kind, lane = new RunLane<ScheduledCheck>(kind == CheckKind.Script ? _options.ScriptRunsMax : _options.NetworkRunsMax));
        }

        return lane;
    }
}
