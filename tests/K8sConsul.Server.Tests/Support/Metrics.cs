using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Instruments that nobody reads.</summary>
internal static class Metrics
{
    public static ServerMetrics New() => new(new MetricsRegistry(new MetricsOptions(), TimeProvider.System));
}
