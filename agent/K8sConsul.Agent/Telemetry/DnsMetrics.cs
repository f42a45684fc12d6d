using K8sConsul.Agent.Dns;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary><c>dns.*</c></summary>
internal sealed class DnsMetrics(MetricsRegistry registry, string node) : IDnsMetrics
{
    private readonly Sample _domain = registry.Sample("dns.domain_query", isHot: true, new MetricLabel("node", node));
    private readonly Sample _pointer = registry.Sample("dns.ptr_query", isHot: true, new MetricLabel("node", node));
    private readonly Counter _stale = registry.Counter("dns.stale_queries", isHot: true);

    public void DomainQuery(TimeSpan elapsed) => _domain.Took(elapsed);

    public void PtrQuery(TimeSpan elapsed) => _pointer.Took(elapsed);

    public void StaleQuery() => _stale.Increment();
}
