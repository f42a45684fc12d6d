namespace K8sConsul.Server.Telemetry;

/// <summary>What was observed in one interval. Lists are sorted by <see cref="MetricIdentity.Key"/>.</summary>
/// <param name="Start">A multiple of <paramref name="Length"/>.</param>
public sealed record MetricsInterval(
    DateTimeOffset Start,
    TimeSpan Length,
    IReadOnlyList<GaugeValue> Gauges,
    IReadOnlyList<AggregateValue> Counters,
    IReadOnlyList<AggregateValue> Samples);

public readonly record struct GaugeValue(MetricIdentity Identity, float Value);

public readonly record struct AggregateValue(MetricIdentity Identity, Aggregate Value);

/// <summary>A metric since the start, for Prometheus.</summary>
/// <param name="Quantiles">As asked for; empty for counters.</param>
public readonly record struct TotalValue(MetricIdentity Identity, Aggregate Value, double[] Quantiles);

/// <summary>Everything since the start that was observed within the retention time.</summary>
public sealed record MetricsTotals(IReadOnlyList<GaugeValue> Gauges, IReadOnlyList<TotalValue> Counters, IReadOnlyList<TotalValue> Samples);
