namespace K8sConsul.Agent.Configuration;

/// <summary>What an agent runs with: every value validated and derived. It never changes; a reload makes another one.</summary>
public sealed record RuntimeConfig
{
    /// <summary>Everything in memory, one server, quick timing.</summary>
    public required bool DevMode { get; init; }

    public required IdentityConfig Identity { get; init; }

    public required ServerConfig Server { get; init; }

    public required AddressConfig Addresses { get; init; }

    public required PortConfig Ports { get; init; }

    public required JoinConfig Join { get; init; }

    public required LeaveConfig Leave { get; init; }

    public required GossipConfig Gossip { get; init; }

    public required RaftConfig Raft { get; init; }

    public required AutopilotConfig Autopilot { get; init; }

    public required DnsConfig Dns { get; init; }

    public required HttpConfig Http { get; init; }

    public required LimitsConfig Limits { get; init; }

    public required QueryConfig Queries { get; init; }

    public required CheckConfig Checks { get; init; }

    public required AclConfig Acl { get; init; }

    public required LogConfig Log { get; init; }

    public required TelemetryConfig Telemetry { get; init; }

    public required CacheConfig Cache { get; init; }

    public required TimingConfig Timing { get; init; }

    /// <summary>From files, in their order; a file's single <c>service</c> comes after its <c>services</c>.</summary>
    public required IReadOnlyList<ServiceDefinition> ServiceDefinitions { get; init; }

    /// <summary>Node checks, and checks of services that are named by id.</summary>
    public required IReadOnlyList<CheckDefinition> CheckDefinitions { get; init; }
}

public sealed record IdentityConfig
{
    /// <summary>The host's name unless given; never empty.</summary>
    public required string NodeName { get; init; }

    /// <summary>As given; empty means that the agent keeps one in its data directory.</summary>
    public required string NodeId { get; init; }

    public required bool DisableHostNodeId { get; init; }

    public required IReadOnlyDictionary<string, string> NodeMeta { get; init; }

    /// <summary>In lower case.</summary>
    public required string Datacenter { get; init; }

    public required string PrimaryDatacenter { get; init; }

    /// <summary>Empty only in development mode.</summary>
    public required string DataDirectory { get; init; }

    public required string PidFile { get; init; }
}

public sealed record ServerConfig
{
    /// <summary>A server, not a client.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Elects itself alone.</summary>
    public required bool Bootstrap { get; init; }

    /// <summary>0, or 2 and more; 1 is <see cref="Bootstrap"/>.</summary>
    public required int BootstrapExpect { get; init; }

    public required bool RejoinAfterLeave { get; init; }

    public required TimeSpan RpcHoldTimeout { get; init; }
}

public sealed record LeaveConfig
{
    /// <summary>What SIGTERM does; clients leave unless told otherwise.</summary>
    public required bool OnTerminate { get; init; }

    /// <summary>What SIGINT does not do; servers skip it unless told otherwise.</summary>
    public required bool SkipOnInterrupt { get; init; }

    public required TimeSpan DrainTime { get; init; }
}

public sealed record JoinConfig
{
    /// <summary>One attempt at start; failure ends the agent.</summary>
    public required IReadOnlyList<string> StartLan { get; init; }

    public required IReadOnlyList<string> StartWan { get; init; }

    public required IReadOnlyList<string> RetryLan { get; init; }

    public required IReadOnlyList<string> RetryWan { get; init; }

    public required TimeSpan RetryIntervalLan { get; init; }

    public required TimeSpan RetryIntervalWan { get; init; }

    /// <summary>0 tries for ever.</summary>
    public required int RetryMaxLan { get; init; }

    public required int RetryMaxWan { get; init; }
}

/// <summary>Not for users to set: Consul's own periods, with other values in development mode.</summary>
public sealed record TimingConfig
{
    public required TimeSpan AntiEntropyInterval { get; init; }

    public required TimeSpan CheckDeregisterIntervalMin { get; init; }

    public required TimeSpan CheckReapInterval { get; init; }

    public required TimeSpan CoordinateIntervalMin { get; init; }

    /// <summary>Updates per second over the whole cluster.</summary>
    public required double CoordinateRateTarget { get; init; }

    public required int CoordinateUpdateBatchSize { get; init; }

    public required int CoordinateUpdateBatchesMax { get; init; }

    public required TimeSpan CoordinateUpdatePeriod { get; init; }

    public required TimeSpan ServerHealthInterval { get; init; }
}
