namespace K8sConsul.Agent.Configuration;

public sealed record RaftConfig
{
    public required int ProtocolVersion { get; init; }

    /// <summary>Of the serf and RPC protocols.</summary>
    public required int ConsulProtocolVersion { get; init; }

    /// <summary>1 to 10; the three timeouts are already multiplied by it.</summary>
    public required int Multiplier { get; init; }

    public required TimeSpan HeartbeatTimeout { get; init; }

    public required TimeSpan ElectionTimeout { get; init; }

    public required TimeSpan LeaderLeaseTimeout { get; init; }

    /// <summary>Entries after which a snapshot is taken.</summary>
    public required int SnapshotThreshold { get; init; }

    public required TimeSpan SnapshotInterval { get; init; }

    public required int TrailingLogs { get; init; }
}

/// <summary>What the first leader starts autopilot with; later the operator's API decides.</summary>
public sealed record AutopilotConfig
{
    public required bool CleanupDeadServers { get; init; }

    public required TimeSpan LastContactThreshold { get; init; }

    public required int TrailingLogsMax { get; init; }

    public required uint QuorumMin { get; init; }

    public required TimeSpan ServerStabilizationTime { get; init; }
}

/// <summary>ACLs are always off in this build; the values are kept for what is shown to users.</summary>
public sealed record AclConfig
{
    public required bool Enabled { get; init; }

    public required string DefaultPolicy { get; init; }

    public required string DownPolicy { get; init; }

    /// <summary>Sent with the agent's own requests; empty means none.</summary>
    public required string DefaultToken { get; init; }

    public required string AgentToken { get; init; }
}
