using K8sConsul.Agent.Configuration;
using K8sConsul.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Telemetry;

/// <summary>The agent's metrics as its configuration wants them: the registry, the runtime's own figures, and who is told.</summary>
internal sealed class AgentTelemetry : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<MetricsPusher> _pushers;
    private RuntimeMetrics? _runtime;

    public AgentTelemetry(TelemetryConfig config, TimeProvider time, ILogger logger)
    {
        _time = time;
        Registry = new MetricsRegistry(Options(config), time);
        _pushers = [.. Pushers(config, time, logger)];
        if (_pushers.Count > 0)
        {
            Registry.Sink = new Fanout(_pushers);
        }
    }

    public MetricsRegistry Registry { get; }

    public void Start()
    {
        _runtime = new RuntimeMetrics(Registry, _time);
        Registry.Start();
        foreach (MetricsPusher pusher in _pushers)
        {
            pusher.Start();
        }
    }

    /// <summary>Only the prefix filter follows a reload, as in Consul.</summary>
    public void Reconfigure(TelemetryConfig config) => Registry.Use(Filter(config));

    public async ValueTask DisposeAsync()
    {
        _runtime?.Dispose();
        Registry.Dispose();
        foreach (MetricsPusher pusher in _pushers)
        {
            await pusher.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Consul tells the host's name only where metrics of many hosts come together: where something is sent or scraped.</summary>
    internal static MetricsOptions Options(TelemetryConfig config)
    {
        bool isGathered = config.PrometheusRetentionTime > TimeSpan.Zero
            || config.StatsdAddress.Length > 0
            || config.StatsiteAddress.Length > 0
            || config.DogstatsdAddress.Length > 0;
        return new MetricsOptions
        {
            Prefix = config.MetricsPrefix,
            HostName = isGathered && !config.DisableHostname ? Environment.MachineName : string.Empty,
            Filter = Filter(config),
            PrometheusRetention = config.PrometheusRetentionTime,
        };
    }

    private static PrefixFilter Filter(TelemetryConfig config) => new(config.AllowedPrefixes, config.BlockedPrefixes, config.FilterDefault);

    private static IEnumerable<MetricsPusher> Pushers(TelemetryConfig config, TimeProvider time, ILogger logger)
    {
        if (config.StatsiteAddress.Length > 0)
        {
            yield return new MetricsPusher(new StatsdLines(), new TcpLineTransport(config.StatsiteAddress), time, logger);
        }

        if (config.StatsdAddress.Length > 0)
        {
            yield return new MetricsPusher(new StatsdLines(), new UdpLineTransport(config.StatsdAddress, packsLines: true), time, logger);
        }

        if (config.DogstatsdAddress.Length > 0)
        {
            MetricsOptions options = Options(config);
            yield return new MetricsPusher(
                new DogStatsdLines(options.Prefix, options.HostName, config.DogstatsdTags),
                new UdpLineTransport(config.DogstatsdAddress, packsLines: false),
                time,
                logger);
        }
    }

    private sealed class Fanout(IReadOnlyList<MetricsPusher> pushers) : IMetricsSink
    {
        public void Observed(Instrument instrument, float value)
        {
            foreach (MetricsPusher pusher in pushers)
            {
                pusher.Observed(instrument, value);
            }
        }
    }
}
