namespace K8sConsul.Server.Telemetry;

/// <summary>How a registry names and keeps. Defaults are Consul's; names in brackets are its configuration keys.</summary>
public sealed record MetricsOptions
{
    /// <summary>The first part of every name (<c>telemetry.metrics_prefix</c>).</summary>
    public string Prefix { get; init; } = "consul";

    /// <summary>Stands after the prefix in the names of gauges; empty leaves it out (<c>telemetry.disable_hostname</c>).</summary>
    public string HostName { get; init; } = string.Empty;

    public PrefixFilter Filter { get; init; } = PrefixFilter.AllowAll;

    /// <summary>How long a metric that nobody observes is shown to Prometheus; 0 switches that off and saves the quantiles (<c>telemetry.prometheus_retention_time</c>).</summary>
    public TimeSpan PrometheusRetention { get; init; }

    /// <summary>Length of the intervals that observations are summed up over.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Intervals kept, the one under way included.</summary>
    public int IntervalsMax { get; init; } = 6;
}
