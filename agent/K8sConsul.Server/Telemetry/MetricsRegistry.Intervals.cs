namespace K8sConsul.Server.Telemetry;

/// <summary>Time: ending intervals, forgetting what is old, and showing the rest.</summary>
public sealed partial class MetricsRegistry
{
    // Under the gate: the finished intervals, oldest first, and the begin of the one under way.
    private readonly Queue<MetricsInterval> _finished = new();
    private DateTimeOffset _currentStart;
    private DateTimeOffset _nextStep;
    private ITimer? _timer;

    /// <summary>Begins to end intervals on time. Without it they end when somebody looks.</summary>
    public void Start()
    {
        _timer = _time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Rearm();
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>The last finished interval, or the one under way when there is no other yet.</summary>
    public MetricsInterval Latest()
    {
        lock (_gate)
        {
            Advance();
            return _finished.TryPeek(out _) ? _finished.Last() : Current(reset: false);
        }
    }

    /// <summary>The finished intervals that are kept, oldest first.</summary>
    public IReadOnlyList<MetricsInterval> Finished()
    {
        lock (_gate)
        {
            Advance();
            return [.. _finished];
        }
    }

    /// <summary>What was observed since the start; what was idle for longer than the retention time is left out.</summary>
    /// <param name="ranks">The quantiles wanted, between 0 and 1.</param>
    public MetricsTotals Totals(ReadOnlySpan<double> ranks)
    {
        lock (_gate)
        {
            Advance();
            long now = Now;
            var gauges = new List<GaugeValue>();
            var counters = new List<TotalValue>();
            var samples = new List<TotalValue>();
            foreach (Instrument instrument in Sorted())
            {
                switch (instrument)
                {
                    case Gauge gauge:
                        gauge.Poll();
                        if (gauge.Value is { } value && !IsIdle(gauge.Updated, now))
                        {
                            gauges.Add(new GaugeValue(gauge.Identity, value));
                        }

                        break;
                    case AggregateInstrument aggregate when aggregate.Total() is { Count: > 0 } total && !IsIdle(total.Updated, now):
                        (aggregate is Counter ? counters : samples).Add(new TotalValue(aggregate.Identity, total, aggregate.Quantiles(ranks)));
                        break;
                    default:
                        break;
                }
            }

            return new MetricsTotals(gauges, counters, samples);
        }
    }

    private bool IsIdle(long updated, long now) => _time.GetElapsedTime(updated, now) > Retention;

    /// <summary>One that was made a moment ago and not yet incremented is not unused.</summary>
    private bool IsUnused(Counter counter, long now)
    {
        lock (_gate)
        {
            return counter.Total() is { Count: > 0 } total && IsIdle(total.Updated, now);
        }
    }

    private IEnumerable<Instrument> Sorted() => _instruments.Values.OrderBy(instrument => instrument.Identity.Key, StringComparer.Ordinal);

    private DateTimeOffset StartOf(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % _options.Interval.Ticks), TimeSpan.Zero);

    private static DateTimeOffset NextStep(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % QuantileWindow.Step.Ticks) + QuantileWindow.Step.Ticks, TimeSpan.Zero);

    private void OnTimer()
    {
        lock (_gate)
        {
            Advance();
        }

        GiveUpIdle();
        Rearm();
    }

    /// <summary>Forgets the counters of families that nobody has used for the retention time.</summary>
    internal void GiveUpIdle()
    {
        ICounterFamily[] families;
        lock (_gate)
        {
            families = [.. _families];
        }

        long now = Now;
        foreach (ICounterFamily family in families)
        {
            family.GiveUp(counter => IsUnused(counter, now));
        }
    }

    /// <summary>At the next boundary of wall-clock time, which a clock that is being set may move.</summary>
    private void Rearm()
    {
        TimeSpan period = ServesPrometheus ? QuantileWindow.Step : _options.Interval;
        long past = _time.GetUtcNow().UtcTicks % period.Ticks;

        // Timers count whole milliseconds and round down.
        _timer!.Change(period - TimeSpan.FromTicks(past) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the interval under way if its time is over. A clock that was set back ends it as well.</summary>
    private void Advance()
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset start = StartOf(now);
        if (start != _currentStart)
        {
            _finished.Enqueue(Current(reset: true));
            _currentStart = start;
            while (_finished.Count > _options.IntervalsMax - 1)
            {
                _finished.Dequeue();
            }
        }

        if (now < _nextStep)
        {
            return;
        }

        int steps = (int)Math.Min((now - _nextStep) / QuantileWindow.Step, QuantileWindow.StepCount) + 1;
        _nextStep = NextStep(now);
        foreach (Instrument instrument in _instruments.Values)
        {
            (instrument as AggregateInstrument)?.AdvanceQuantiles(steps);
        }
    }

    private MetricsInterval Current(bool reset)
    {
        var gauges = new List<GaugeValue>();
        var counters = new List<AggregateValue>();
        var samples = new List<AggregateValue>();
        foreach (Instrument instrument in Sorted())
        {
            if (instrument is Gauge gauge)
            {
                gauge.Poll();
                if (gauge.ReadInterval(reset) is { } set)
                {
                    gauges.Add(new GaugeValue(gauge.Identity, set));
                }
            }
            else if (instrument is AggregateInstrument aggregate && (reset ? aggregate.Drain() : aggregate.Live()) is { Count: > 0 } value)
            {
                (aggregate is Counter ? counters : samples).Add(new AggregateValue(aggregate.Identity, value));
            }
        }

        return new MetricsInterval(_currentStart, _options.Interval, gauges, counters, samples);
    }
}
