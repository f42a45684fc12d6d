namespace K8sConsul.Agent.Configuration;

/// <summary>What a reload may change. Everything else keeps its value until the agent starts again, without a word.</summary>
[Flags]
public enum ReloadScope
{
    None = 0,
    NodeMeta = 1 << 0,
    Services = 1 << 1,
    Checks = 1 << 2,
    LogLevel = 1 << 3,
    Dns = 1 << 4,
    RpcLimits = 1 << 5,
    HttpConnectionLimit = 1 << 6,
    MetricFilter = 1 << 7,
    CheckOutput = 1 << 8,
    CacheRates = 1 << 9,
    RaftSnapshots = 1 << 10,
    Tokens = 1 << 11,
}

/// <summary>The outcome of comparing two configurations for a reload.</summary>
/// <param name="Scope">What changed among the things that may.</param>
/// <param name="Config">The running configuration with those taken over from the new one.</param>
public sealed record ReloadPlan(ReloadScope Scope, RuntimeConfig Config)
{
    public static ReloadPlan Between(RuntimeConfig running, RuntimeConfig wanted)
    {
        ReloadScope scope = ReloadScope.None;
        Note(ReloadScope.NodeMeta, Same(running.Identity.NodeMeta, wanted.Identity.NodeMeta));

        // Definitions hold lists, so that equal ones are told by registering them anew, which changes nothing.
        Note(ReloadScope.Services, running.ServiceDefinitions.Count == 0 && wanted.ServiceDefinitions.Count == 0);
        Note(ReloadScope.Checks, running.CheckDefinitions.Count == 0 && wanted.CheckDefinitions.Count == 0);
        Note(ReloadScope.LogLevel, string.Equals(running.Log.Level, wanted.Log.Level, StringComparison.OrdinalIgnoreCase));
        Note(ReloadScope.Dns, SameDns(running.Dns, wanted.Dns));
        Note(ReloadScope.RpcLimits, RpcLimits(running.Limits) == RpcLimits(wanted.Limits));
        Note(
            ReloadScope.HttpConnectionLimit,
            running.Limits.HttpConnectionsPerClientMax == wanted.Limits.HttpConnectionsPerClientMax);
        Note(
            ReloadScope.MetricFilter,
            running.Telemetry.FilterDefault == wanted.Telemetry.FilterDefault
            && running.Telemetry.AllowedPrefixes.SequenceEqual(wanted.Telemetry.AllowedPrefixes, StringComparer.Ordinal)
            && running.Telemetry.BlockedPrefixes.SequenceEqual(wanted.Telemetry.BlockedPrefixes, StringComparer.Ordinal));
        Note(ReloadScope.CheckOutput, running.Checks.DiscardOutput == wanted.Checks.DiscardOutput);
        Note(ReloadScope.CacheRates, running.Cache == wanted.Cache);
        Note(ReloadScope.RaftSnapshots, Snapshots(running.Raft) == Snapshots(wanted.Raft));
        Note(
            ReloadScope.Tokens,
            string.Equals(running.Acl.DefaultToken, wanted.Acl.DefaultToken, StringComparison.Ordinal)
            && string.Equals(running.Acl.AgentToken, wanted.Acl.AgentToken, StringComparison.Ordinal));
        return new ReloadPlan(scope, Taken(running, wanted));

        void Note(ReloadScope part, bool same)
        {
            scope |= same ? ReloadScope.None : part;
        }
    }

    private static RuntimeConfig Taken(RuntimeConfig running, RuntimeConfig wanted)
    {
        return running with
        {
            Identity = running.Identity with { NodeMeta = wanted.Identity.NodeMeta },
            ServiceDefinitions = wanted.ServiceDefinitions,
            CheckDefinitions = wanted.CheckDefinitions,
            Log = running.Log with { Level = wanted.Log.Level },
            Dns = wanted.Dns with { Domain = running.Dns.Domain, AltDomain = running.Dns.AltDomain },
            Limits = running.Limits with
            {
                HttpConnectionsPerClientMax = wanted.Limits.HttpConnectionsPerClientMax,
                RpcRate = wanted.Limits.RpcRate,
                RpcBurstMax = wanted.Limits.RpcBurstMax,
                RpcConnectionsPerClientMax = wanted.Limits.RpcConnectionsPerClientMax,
            },
            Telemetry = running.Telemetry with
            {
                FilterDefault = wanted.Telemetry.FilterDefault,
                AllowedPrefixes = wanted.Telemetry.AllowedPrefixes,
                BlockedPrefixes = wanted.Telemetry.BlockedPrefixes,
            },
            Checks = running.Checks with { DiscardOutput = wanted.Checks.DiscardOutput },
            Cache = wanted.Cache,
            Raft = running.Raft with
            {
                SnapshotThreshold = wanted.Raft.SnapshotThreshold,
                SnapshotInterval = wanted.Raft.SnapshotInterval,
                TrailingLogs = wanted.Raft.TrailingLogs,
            },
            Acl = running.Acl with { DefaultToken = wanted.Acl.DefaultToken, AgentToken = wanted.Acl.AgentToken },
        };
    }

    private static bool SameDns(DnsConfig running, DnsConfig wanted)
    {
        return running.Recursors.SequenceEqual(wanted.Recursors, StringComparer.Ordinal)
            && Same(running.ServiceTtl, wanted.ServiceTtl)
            && WithoutRest(running, wanted) == wanted;
    }

    /// <summary>Lists are compared by themselves, and the domains cannot change.</summary>
    private static DnsConfig WithoutRest(DnsConfig running, DnsConfig wanted)
    {
        return running with
        {
            Recursors = wanted.Recursors,
            ServiceTtl = wanted.ServiceTtl,
            Domain = wanted.Domain,
            AltDomain = wanted.AltDomain,
        };
    }

    private static bool Same<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right)
    {
        return left.Count == right.Count
            && left.All(pair => right.TryGetValue(pair.Key, out T? value) && EqualityComparer<T>.Default.Equals(value, pair.Value));
    }

    private static (double Rate, int Burst, int Connections) RpcLimits(LimitsConfig limits)
    {
        return (limits.RpcRate, limits.RpcBurstMax, limits.RpcConnectionsPerClientMax);
    }

    private static (int Threshold, TimeSpan Interval, int Trailing) Snapshots(RaftConfig raft)
    {
        return (raft.SnapshotThreshold, raft.SnapshotInterval, raft.TrailingLogs);
    }
}
