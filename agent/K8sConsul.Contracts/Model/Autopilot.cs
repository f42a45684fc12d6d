namespace K8sConsul.Contracts.Model;

/// <summary><c>/v1/operator/autopilot/configuration</c>. A write replaces the whole: what is left out becomes zero.</summary>
public sealed class AutopilotConfiguration
{
    public bool CleanupDeadServers { get; set; } = true;

    public string LastContactThreshold { get; set; } = "200ms";

    public ulong MaxTrailingLogs { get; set; } = 250;

    public ulong MinQuorum { get; set; }

    public string ServerStabilizationTime { get; set; } = "10s";

    public string RedundancyZoneTag { get; set; } = string.Empty;

    public bool DisableUpgradeMigration { get; set; }

    public string UpgradeVersionTag { get; set; } = string.Empty;

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}

/// <summary><c>GET /v1/operator/autopilot/health</c>: 200 when healthy, 429 with the same body when not.</summary>
public sealed class AutopilotHealth
{
    public bool Healthy { get; set; }

    public int FailureTolerance { get; set; }

    public List<AutopilotServerHealth> Servers { get; set; } = [];
}

public sealed class AutopilotServerHealth
{
    public string ID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;

    public string SerfStatus { get; set; } = string.Empty;

    public string Version { get; set; } = string.Empty;

    public bool Leader { get; set; }

    /// <summary>A Go duration, or <c>never</c>.</summary>
    public string LastContact { get; set; } = string.Empty;

    public ulong LastTerm { get; set; }

    public ulong LastIndex { get; set; }

    public bool Healthy { get; set; }

    public bool Voter { get; set; }

    public DateTimeOffset StableSince { get; set; }
}

/// <summary><c>GET /v1/operator/autopilot/state</c>, since 1.9.</summary>
public sealed class AutopilotState
{
    public bool Healthy { get; set; }

    public int FailureTolerance { get; set; }

    public int OptimisticFailureTolerance { get; set; }

    public Dictionary<string, AutopilotServerState> Servers { get; set; } = [];

    /// <summary>ID of the server that leads.</summary>
    public string Leader { get; set; } = string.Empty;

    public List<string> Voters { get; set; } = [];
}

public sealed class AutopilotServerState
{
    public string ID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;

    public string NodeStatus { get; set; } = string.Empty;

    public string Version { get; set; } = string.Empty;

    /// <summary>A Go duration.</summary>
    public string LastContact { get; set; } = string.Empty;

    public ulong LastTerm { get; set; }

    public ulong LastIndex { get; set; }

    public bool Healthy { get; set; }

    public DateTimeOffset StableSince { get; set; }

    /// <summary><c>leader</c>, <c>voter</c>, <c>non-voter</c> or <c>staging</c>.</summary>
    public string Status { get; set; } = string.Empty;

    public Dictionary<string, string>? Meta { get; set; }

    /// <summary><c>voter</c> or <c>read-replica</c>.</summary>
    public string NodeType { get; set; } = string.Empty;
}

/// <summary>Answer of <c>/v1/operator/raft/transfer-leader</c>.</summary>
public sealed class LeaderTransfer
{
    public bool Success { get; set; }
}
