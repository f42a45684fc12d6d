namespace K8sConsul.Server.Telemetry;

/// <summary>A handle to one metric, resolved once and used for ever. Any thread may use it.</summary>
public abstract class Instrument
{
    private volatile bool _isAllowed;

    private protected Instrument(MetricsRegistry registry, MetricIdentity identity)
    {
        (Registry, Identity) = (registry, identity);
        _isAllowed = registry.Allows(identity);
    }

    public MetricIdentity Identity { get; }

    /// <summary>Not blocked by <c>telemetry.prefix_filter</c>.</summary>
    internal bool IsAllowed
    {
        get => _isAllowed;
        set => _isAllowed = value;
    }

    private protected MetricsRegistry Registry { get; }
}

/// <summary>Something whose observations add up. Counters and samples differ only in how they are shown.</summary>
public abstract class AggregateInstrument : Instrument
{
    private readonly Accumulator _live;
    private readonly QuantileWindow? _quantiles;

    // What was drained, since the start. Only the registry touches it, under its lock.
    private Aggregate _total;

    private protected AggregateInstrument(MetricsRegistry registry, MetricIdentity identity, bool isHot, bool hasQuantiles)
        : base(registry, identity)
    {
        _live = new Accumulator(isHot);
        _quantiles = hasQuantiles ? new QuantileWindow() : null;
    }

    internal Aggregate Live() => _live.Read(reset: false);

    /// <summary>Since the start, what is not drained yet included.</summary>
    internal Aggregate Total() => _total.Plus(_live.Read(reset: false));

    internal double[] Quantiles(ReadOnlySpan<double> ranks) => _quantiles?.Quantiles(ranks) ?? [];

    internal void AdvanceQuantiles(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            _quantiles?.Advance();
        }
    }

    internal Aggregate Drain()
    {
        Aggregate drained = _live.Read(reset: true);
        _total = _total.Plus(in drained);
        return drained;
    }

    /// <summary>go-metrics carries 32-bit floats, and shows it.</summary>
    private protected void Record(float value, long now)
    {
        if (!IsAllowed)
        {
            return;
        }

        _live.Add(value, now);
        _quantiles?.Add(value);
        Registry.Sink?.Observed(this, value);
    }
}

/// <summary>Counts events.</summary>
public sealed class Counter : AggregateInstrument
{
    internal Counter(MetricsRegistry registry, MetricIdentity identity, bool isHot)
        : base(registry, identity, isHot, hasQuantiles: false)
    {
    }

    public void Increment() => Add(1);

    public void Add(float amount) => Record(amount, Registry.Now);
}

/// <summary>Keeps count, sum, extremes and deviation of a value, usually of a time in milliseconds.</summary>
public sealed class Sample : AggregateInstrument
{
    internal Sample(MetricsRegistry registry, MetricIdentity identity, bool isHot, bool hasQuantiles)
        : base(registry, identity, isHot, hasQuantiles)
    {
    }

    public void Observe(float value) => Record(value, Registry.Now);

    /// <summary>The time since <paramref name="started"/>.</summary>
    /// <param name="started">A timestamp of the registry's <see cref="TimeProvider"/>.</param>
    public void Since(long started) => Between(started, Registry.Now);

    public void Between(long started, long ended) => Record((float)Registry.Milliseconds(ended - started), ended);

    public void Took(TimeSpan elapsed) => Record((float)elapsed.TotalMilliseconds, Registry.Now);
}

/// <summary>A value as of now: set by whoever knows it, or asked for when somebody looks.</summary>
public sealed class Gauge : Instrument
{
    private readonly Func<float?>? _read;
    private float _value;
    private long _updated;
    private volatile bool _isSet;
    private volatile bool _isSetInInterval;

    internal Gauge(MetricsRegistry registry, MetricIdentity identity, Func<float?>? read)
        : base(registry, identity) => _read = read;

    public void Set(float value)
    {
        if (!IsAllowed)
        {
            return;
        }

        Volatile.Write(ref _value, value);
        Volatile.Write(ref _updated, Registry.Now);
        _isSet = true;
        _isSetInInterval = true;
        Registry.Sink?.Observed(this, value);
    }

    /// <summary>When it was set last, in the registry's monotonic time.</summary>
    internal long Updated => Volatile.Read(ref _updated);

    /// <summary>A polled gauge is asked now; its value counts as set now.</summary>
    internal void Poll()
    {
        if (_read is not null && IsAllowed && _read() is { } value)
        {
            Set(value);
        }
    }

    /// <summary>The value, or null when it was never set.</summary>
    internal float? Value => _isSet ? Volatile.Read(ref _value) : null;

    /// <summary>The value, or null when it was not set in this interval.</summary>
    internal float? ReadInterval(bool reset)
    {
        float? value = _isSetInInterval ? Volatile.Read(ref _value) : null;
        if (reset)
        {
            _isSetInInterval = false;
        }

        return value;
    }
}
