namespace K8sConsul.Agent.Dns;

/// <summary>Bounds on what clients may hold at once. Consul has no settings for these.</summary>
internal sealed record DnsServerLimits
{
    /// <summary>Sockets per UDP address, a thread each; the kernel spreads clients over them. 0: one per core, up to four.</summary>
    public int UdpSockets { get; init; }

    /// <summary>Queries being looked up or passed on at once, all transports; some 80 KiB each. Further ones are dropped.</summary>
    public int PendingMax { get; init; } = 1024;

    /// <summary>Open TCP connections per address. Further ones are closed at once.</summary>
    public int TcpConnectionsMax { get; init; } = 512;

    /// <summary>Queries on one TCP connection, after which it is closed; Consul's DNS library has the same number.</summary>
    public int TcpQueriesMax { get; init; } = 128;

    /// <summary>How long a new connection may take for its first query; as in Consul.</summary>
    public TimeSpan TcpFirstQueryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for every further one; as in Consul.</summary>
    public TimeSpan TcpIdleTimeout { get; init; } = TimeSpan.FromSeconds(8);

    internal int UdpSocketsEffective => UdpSockets > 0 ? UdpSockets : Math.Clamp(Environment.ProcessorCount, 1, 4);
}
