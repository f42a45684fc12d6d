namespace K8sConsul.Agent.Dns;

/// <summary>What the DNS server counts, by Consul's names. Called for every query by many threads.</summary>
internal interface IDnsMetrics
{
    /// <summary><c>dns.domain_query</c>, label <c>node</c>: time to answer a query within the domains served.</summary>
    void DomainQuery(TimeSpan elapsed);

    /// <summary><c>dns.ptr_query</c>, label <c>node</c>: the same for reverse queries.</summary>
    void PtrQuery(TimeSpan elapsed);

    /// <summary><c>dns.stale_queries</c>: answered from data more than five seconds behind the leader.</summary>
    void StaleQuery();
}
