namespace K8sConsul.Agent.Configuration;

/// <summary>A check as configured. Which kind it is, is told by the fields that are set; the agent judges that at registration.</summary>
public sealed record CheckDefinition
{
    public string Id { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string Notes { get; init; } = string.Empty;

    public string ServiceId { get; init; } = string.Empty;

    public string Token { get; init; } = string.Empty;

    /// <summary>The state before the first run; empty is critical.</summary>
    public string Status { get; init; } = string.Empty;

    public IReadOnlyList<string> ScriptArgs { get; init; } = [];

    public string Http { get; init; } = string.Empty;

    public string Method { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Header { get; init; } =
        new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public string Body { get; init; } = string.Empty;

    public bool DisableRedirects { get; init; }

    public string Tcp { get; init; } = string.Empty;

    public bool TcpUseTls { get; init; }

    public string Udp { get; init; } = string.Empty;

    public string Grpc { get; init; } = string.Empty;

    public bool GrpcUseTls { get; init; }

    public string H2Ping { get; init; } = string.Empty;

    /// <summary>True where <see cref="H2Ping"/> is set and nothing else is said.</summary>
    public bool H2PingUseTls { get; init; }

    public string OsService { get; init; } = string.Empty;

    public string DockerContainerId { get; init; } = string.Empty;

    public string Shell { get; init; } = string.Empty;

    public string AliasNode { get; init; } = string.Empty;

    public string AliasService { get; init; } = string.Empty;

    public string TlsServerName { get; init; } = string.Empty;

    public bool TlsSkipVerify { get; init; }

    public TimeSpan Interval { get; init; }

    public TimeSpan Timeout { get; init; }

    public TimeSpan Ttl { get; init; }

    public TimeSpan DeregisterCriticalServiceAfter { get; init; }

    public int OutputMaxSize { get; init; } = DefaultOutputBytes;

    public int SuccessBeforePassing { get; init; }

    public int FailuresBeforeWarning { get; init; }

    public int FailuresBeforeCritical { get; init; }

    internal const int DefaultOutputBytes = 4096;
}
