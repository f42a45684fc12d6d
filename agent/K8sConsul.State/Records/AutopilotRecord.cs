using K8sConsul.Go;

namespace K8sConsul.State.Records;

/// <summary>How the leader tends the servers of its datacenter. There is one for all of them, and none before the first leader wrote it.</summary>
public sealed record AutopilotRecord
{
    /// <summary>Take servers that failed out of the cluster, as long as most stay.</summary>
    public bool CleanupDeadServers { get; init; } = true;

    /// <summary>A server that has not heard the leader for longer is unhealthy.</summary>
    public GoDuration LastContactThreshold { get; init; } = new(200_000_000);

    /// <summary>A server whose log is further behind is unhealthy.</summary>
    public ulong MaxTrailingLogs { get; init; } = 250;

    /// <summary>The clean-up leaves at least so many voters.</summary>
    public ulong MinQuorum { get; init; }

    /// <summary>How long a new server must be healthy before it gets its vote.</summary>
    public GoDuration ServerStabilizationTime { get; init; } = new(10_000_000_000);

    /// <summary>Consul Enterprise acts on it; here it is kept and shown.</summary>
    public string RedundancyZoneTag { get; init; } = string.Empty;

    /// <inheritdoc cref="RedundancyZoneTag"/>
    public bool DisableUpgradeMigration { get; init; }

    /// <inheritdoc cref="RedundancyZoneTag"/>
    public string UpgradeVersionTag { get; init; } = string.Empty;

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }
}
