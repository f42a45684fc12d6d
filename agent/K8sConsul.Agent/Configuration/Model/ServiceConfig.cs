using System.Net;

namespace K8sConsul.Agent.Configuration;

public sealed record DnsConfig
{
    /// <summary>With its final dot.</summary>
    public required string Domain { get; init; }

    /// <summary>With its final dot; empty means none.</summary>
    public required string AltDomain { get; init; }

    public required bool AllowStale { get; init; }

    public required TimeSpan MaxStale { get; init; }

    public required TimeSpan NodeTtl { get; init; }

    /// <summary>By service name; a name may end with <c>*</c> and then stands for a prefix.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> ServiceTtl { get; init; }

    public required bool OnlyPassing { get; init; }

    public required bool EnableTruncate { get; init; }

    public required int UdpAnswerLimit { get; init; }

    /// <summary>0 is no limit.</summary>
    public required int ARecordLimit { get; init; }

    public required bool DisableCompression { get; init; }

    /// <summary>As given: host with or without port. Each once, in their order.</summary>
    public required IReadOnlyList<string> Recursors { get; init; }

    public required TimeSpan RecursorTimeout { get; init; }

    public required DnsRecursorStrategy RecursorStrategy { get; init; }

    public required bool UseCache { get; init; }

    public required TimeSpan CacheMaxAge { get; init; }

    public required bool NodeMetaTxt { get; init; }

    public required SoaConfig Soa { get; init; }
}

public enum DnsRecursorStrategy
{
    Sequential,
    Random,
}

/// <summary>All in seconds.</summary>
public sealed record SoaConfig(uint RefreshSeconds, uint RetrySeconds, uint ExpireSeconds, uint MinTtlSeconds);

public sealed record HttpConfig
{
    /// <summary>Path prefixes that are answered with 403.</summary>
    public required IReadOnlyList<string> BlockEndpoints { get; init; }

    public required IReadOnlyDictionary<string, string> ResponseHeaders { get; init; }

    /// <summary>Null allows writes from everywhere.</summary>
    public required IReadOnlyList<IPNetwork>? AllowWriteFrom { get; init; }

    public required bool UseCache { get; init; }

    /// <summary>0 is the server's default.</summary>
    public required int HeaderBytesMax { get; init; }

    public required string UnixSocketUser { get; init; }

    public required string UnixSocketGroup { get; init; }

    /// <summary>Octal, as given; empty leaves the file's mode alone.</summary>
    public required string UnixSocketMode { get; init; }

    public required bool DisableUnprintableCharFilter { get; init; }

    public required bool EnableDebug { get; init; }
}

public sealed record LimitsConfig
{
    /// <summary>0 is no limit.</summary>
    public required int HttpConnectionsPerClientMax { get; init; }

    public required TimeSpan HttpsHandshakeTimeout { get; init; }

    public required TimeSpan RpcHandshakeTimeout { get; init; }

    public required TimeSpan RpcClientTimeout { get; init; }

    /// <summary>Requests per second to servers; infinity is no limit.</summary>
    public required double RpcRate { get; init; }

    public required int RpcBurstMax { get; init; }

    public required int RpcConnectionsPerClientMax { get; init; }

    public required ulong KvValueBytesMax { get; init; }

    public required ulong TxnRequestBytesMax { get; init; }
}

public sealed record QueryConfig
{
    /// <summary>How long a blocking query waits that does not say so itself.</summary>
    public required TimeSpan DefaultQueryTime { get; init; }

    public required TimeSpan MaxQueryTime { get; init; }

    /// <summary>0 lets discovery answers be as stale as they may be.</summary>
    public required TimeSpan DiscoveryMaxStale { get; init; }

    /// <summary>0 leaves the minimum at Consul's 10 seconds.</summary>
    public required TimeSpan SessionTtlMin { get; init; }
}

public sealed record CheckConfig
{
    /// <summary>Scripts from the HTTP API and from files.</summary>
    public required bool EnableRemoteScripts { get; init; }

    /// <summary>Scripts from files only.</summary>
    public required bool EnableLocalScripts { get; init; }

    public required TimeSpan UpdateInterval { get; init; }

    public required int OutputBytesMax { get; init; }

    public required bool DiscardOutput { get; init; }
}

public sealed record CacheConfig
{
    /// <summary>Fetches per second and entry; infinity is no limit.</summary>
    public required double EntryFetchRate { get; init; }

    public required int EntryFetchBurstMax { get; init; }
}

public sealed record LogConfig
{
    /// <summary>As given; <see cref="K8sConsul.Logging.LogLevels"/> reads it.</summary>
    public required string Level { get; init; }

    public required bool Json { get; init; }

    /// <summary>A directory or a path with the name's first part; empty writes no file.</summary>
    public required string File { get; init; }

    public required TimeSpan RotateDuration { get; init; }

    /// <summary>0 is no limit.</summary>
    public required long RotateBytes { get; init; }

    /// <summary>0 keeps all, -1 keeps none but the current.</summary>
    public required int RotateMaxFiles { get; init; }
}

public sealed record TelemetryConfig
{
    public required string MetricsPrefix { get; init; }

    public required bool DisableHostname { get; init; }

    public required bool FilterDefault { get; init; }

    public required IReadOnlyList<string> AllowedPrefixes { get; init; }

    public required IReadOnlyList<string> BlockedPrefixes { get; init; }

    /// <summary>0 switches the Prometheus format off.</summary>
    public required TimeSpan PrometheusRetentionTime { get; init; }

    /// <summary>host:port of a statsd daemon, reached over UDP; empty for none.</summary>
    public required string StatsdAddress { get; init; }

    /// <summary>host:port of a statsite daemon, reached over TCP; empty for none.</summary>
    public required string StatsiteAddress { get; init; }

    /// <summary>host:port of a DogStatsD agent, reached over UDP; empty for none.</summary>
    public required string DogstatsdAddress { get; init; }

    /// <summary>Tags of everything that DogStatsD is sent.</summary>
    public required IReadOnlyList<string> DogstatsdTags { get; init; }
}
