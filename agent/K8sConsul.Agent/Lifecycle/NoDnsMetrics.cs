using K8sConsul.Agent.Dns;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>DNS timings go nowhere.</summary>
internal sealed class NoDnsMetrics : IDnsMetrics
{
    public void DomainQuery(TimeSpan elapsed)
    {
        // Not kept.
    }

    public void PtrQuery(TimeSpan elapsed)
    {
        // Not kept.
    }

    public void StaleQuery()
    {
        // Not kept.
    }
}
