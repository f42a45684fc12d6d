using System.Globalization;

namespace K8sConsul.Server.Telemetry;

/// <summary>
/// All metrics of one agent, in go-metrics' manner: gauges, counters and samples, summed up over intervals of ten seconds of
/// which the last minute is kept.
/// </summary>
/// <remarks>
/// An instrument is asked for once, by name and labels, and then used without a look-up. Observations add up in the instrument;
/// the registry drains them at the end of each interval. Lock order: a family's, then the registry's.
/// </remarks>
public sealed partial class MetricsRegistry : IDisposable
{
    private readonly MetricsOptions _options;
    private readonly TimeProvider _time;
    private readonly double _millisecondsPerTick;
    private readonly Lock _gate = new();

    // Under the gate.
    private readonly Dictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly List<ICounterFamily> _families = [];
    private PrefixFilter _filter;
    private volatile IMetricsSink? _sink;

    public MetricsRegistry(MetricsOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _millisecondsPerTick = 1000.0 / time.TimestampFrequency;
        _filter = options.Filter;
        Started = time.GetTimestamp();
        _currentStart = StartOf(time.GetUtcNow());
        _nextStep = NextStep(time.GetUtcNow());
    }

    /// <summary>A registry that nobody reads, for parts that run on their own.</summary>
    public static MetricsRegistry Unread() => new(new MetricsOptions(), TimeProvider.System);

    /// <summary>The moment it was made, in its monotonic time.</summary>
    public long Started { get; }

    /// <summary>Told of every observation besides; set once at start.</summary>
    public IMetricsSink? Sink
    {
        get => _sink;
        set => _sink = value;
    }

    /// <summary>A timestamp as <see cref="Sample.Since"/> takes it.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Whether totals are kept for Prometheus.</summary>
    public bool ServesPrometheus => _options.PrometheusRetention > TimeSpan.Zero;

    private TimeSpan Retention => ServesPrometheus ? _options.PrometheusRetention : _options.Interval * _options.IntervalsMax;

    /// <param name="isHot">Observed by many threads at once.</param>
    public Counter Counter(string name, bool isHot = false, params ReadOnlySpan<MetricLabel> labels)
    {
        var identity = new MetricIdentity(FullName(name), labels);
        return Find(identity, () => new Counter(this, identity, isHot));
    }

    /// <param name="isHot">Observed by many threads at once.</param>
    public Sample Sample(string name, bool isHot = false, params ReadOnlySpan<MetricLabel> labels)
    {
        var identity = new MetricIdentity(FullName(name), labels);
        return Find(identity, () => new Sample(this, identity, isHot, ServesPrometheus));
    }

    /// <summary>A gauge that is set by its owner.</summary>
    public Gauge Gauge(string name, params ReadOnlySpan<MetricLabel> labels) => Gauge(name, read: null, labels);

    /// <summary>A gauge that is asked for its value when somebody looks.</summary>
    /// <param name="read">Cheap and never failing; null for "nothing to tell now".</param>
    public Gauge Gauge(string name, Func<float?>? read, params ReadOnlySpan<MetricLabel> labels)
    {
        string host = _options.HostName.Length == 0 ? string.Empty : _options.HostName + ".";
        var identity = new MetricIdentity(FullName(host + name), labels);
        return Find(identity, () => new Gauge(this, identity, read));
    }

    /// <summary>Counters whose labels come from requests.</summary>
    public CounterFamily<TKey> Counters<TKey>(string name, Func<TKey, MetricLabel[]> labels)
        where TKey : notnull => Counters(_ => name, labels);

    /// <summary>Counters whose names come from elsewhere.</summary>
    public CounterFamily<TKey> Counters<TKey>(Func<TKey, string> name, Func<TKey, MetricLabel[]> labels)
        where TKey : notnull
    {
        var family = new CounterFamily<TKey>(this, name, labels);
        lock (_gate)
        {
            _families.Add(family);
        }

        return family;
    }

    /// <summary>Lets other names through from now on.</summary>
    public void Use(PrefixFilter filter)
    {
        lock (_gate)
        {
            _filter = filter;
            foreach (Instrument instrument in _instruments.Values)
            {
                instrument.IsAllowed = filter.Allows(instrument.Identity.Name);
            }
        }
    }

    /// <summary>The wall-clock time of a moment of the registry's monotonic time.</summary>
    public DateTimeOffset WallClock(long timestamp) => _time.GetUtcNow() - _time.GetElapsedTime(timestamp);

    /// <summary>Between two moments of the registry's monotonic time.</summary>
    public TimeSpan Elapsed(long from, long to) => _time.GetElapsedTime(from, to);

    internal double Milliseconds(long ticks) => ticks * _millisecondsPerTick;

    /// <summary>Called under the gate by an instrument that is being made.</summary>
    internal bool Allows(MetricIdentity identity) => _filter.Allows(identity.Name);

    internal void Remove(Instrument instrument)
    {
        lock (_gate)
        {
            _instruments.Remove(instrument.Identity.Key);
        }
    }

    private string FullName(string name) => _options.Prefix.Length == 0 ? name : _options.Prefix + "." + name;

    private T Find<T>(MetricIdentity identity, Func<T> make)
        where T : Instrument
    {
        lock (_gate)
        {
            if (_instruments.TryGetValue(identity.Key, out Instrument? known))
            {
                return known as T ?? throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"metric {identity} is a {known.GetType().Name} already"));
            }

            T made = make();
            _instruments.Add(identity.Key, made);
            return made;
        }
    }
}
