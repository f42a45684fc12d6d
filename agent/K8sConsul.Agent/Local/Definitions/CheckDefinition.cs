using System.Collections.Immutable;

namespace K8sConsul.Agent.Local.Definitions;

/// <summary>A check as a user defines it, in a file or through the API. Texts are empty and durations zero where nothing was said.</summary>
public sealed record CheckDefinition
{
    /// <summary>Empty: the name for a check of the node, <c>service:&lt;id&gt;[:n]</c> for one of a service.</summary>
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Notes { get; init; } = "";

    /// <summary>The service that the check belongs to, or empty for the node.</summary>
    public string ServiceId { get; init; } = "";

    public string Token { get; init; } = "";

    /// <summary>Status until the first result: passing, warning, critical, or empty for critical. Other texts do not validate.</summary>
    public string Status { get; init; } = "";

    /// <summary>Time from the end of one run to the beginning of the next.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Zero: 10 s, for scripts 30 s.</summary>
    public TimeSpan Timeout { get; init; }

    public TimeSpan Ttl { get; init; }

    public ImmutableArray<string> ScriptArgs { get; init; } = [];

    public string Http { get; init; } = "";

    /// <summary>Empty: GET.</summary>
    public string Method { get; init; } = "";

    public ImmutableSortedDictionary<string, ImmutableArray<string>> Header { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    public string Body { get; init; } = "";

    public bool DisableRedirects { get; init; }

    public string Tcp { get; init; } = "";

    public bool TcpUseTls { get; init; }

    public string Udp { get; init; } = "";

    /// <summary><c>host:port</c> or <c>host:port/service</c>.</summary>
    public string Grpc { get; init; } = "";

    public bool GrpcUseTls { get; init; }

    public string H2Ping { get; init; } = "";

    public bool H2PingUseTls { get; init; } = true;

    public string OsService { get; init; } = "";

    public string DockerContainerId { get; init; } = "";

    public string Shell { get; init; } = "";

    public string AliasNode { get; init; } = "";

    public string AliasService { get; init; } = "";

    public string TlsServerName { get; init; } = "";

    public bool TlsSkipVerify { get; init; }

    /// <summary>Bytes of output kept; zero: the agent's <c>check_output_max_size</c>.</summary>
    public int OutputMaxSize { get; init; }

    public int SuccessBeforePassing { get; init; }

    public int FailuresBeforeCritical { get; init; }

    /// <summary>Zero: as <see cref="FailuresBeforeCritical"/>.</summary>
    public int FailuresBeforeWarning { get; init; }

    public TimeSpan DeregisterCriticalServiceAfter { get; init; }

    public bool IsScript => !ScriptArgs.IsDefaultOrEmpty;

    public bool IsAlias => AliasNode.Length > 0 || AliasService.Length > 0;

    /// <summary>What the check does. Where several kinds are given the order is Consul's, and the others are ignored.</summary>
    public CheckKind Kind =>
        Ttl > TimeSpan.Zero ? CheckKind.Ttl
        : Http.Length > 0 ? CheckKind.Http
        : Tcp.Length > 0 ? CheckKind.Tcp
        : Udp.Length > 0 ? CheckKind.Udp
        : Grpc.Length > 0 ? CheckKind.Grpc
        : IsScript && DockerContainerId.Length > 0 ? CheckKind.Docker
        : OsService.Length > 0 ? CheckKind.OsService
        : IsScript ? CheckKind.Script
        : H2Ping.Length > 0 ? CheckKind.H2Ping
        : IsAlias ? CheckKind.Alias
        : CheckKind.None;

    /// <summary>The word that the API reports as the check's type.</summary>
    public string TypeName => Kind switch
    {
        CheckKind.Ttl => "ttl",
        CheckKind.Http => "http",
        CheckKind.Tcp => "tcp",
        CheckKind.Udp => "udp",
        CheckKind.Grpc => "grpc",
        CheckKind.H2Ping => "h2ping",
        CheckKind.Docker => "docker",
        CheckKind.OsService => "os_service",
        CheckKind.Script => "script",
        CheckKind.Alias => "alias",
        _ => "",
    };

    /// <summary>Nothing was said at all: a service's <c>Check = {}</c> means no check.</summary>
    public bool IsEmpty => Equals(Nothing) && Header.IsEmpty && ScriptArgs.IsDefaultOrEmpty;

    private static CheckDefinition Nothing { get; } = new();

    /// <summary>The first rule that the definition breaks, in Consul's words and order, or null.</summary>
    /// <remarks>The edges add where it happened: <c>Invalid check: </c> in the API, <c>Failed to validate checks for service …</c> for files.</remarks>
    public string? Validate()
    {
        bool needsInterval = IsScript || Http.Length > 0 || Tcp.Length > 0 || Grpc.Length > 0 || Udp.Length > 0 || H2Ping.Length > 0 || OsService.Length > 0;
        bool hasInterval = Interval > TimeSpan.Zero;
        if (hasInterval && Ttl > TimeSpan.Zero)
        {
            return "Interval and TTL cannot both be specified";
        }

        if (needsInterval && !hasInterval)
        {
            return "Interval must be > 0 for Script, HTTP, or TCP checks";
        }

        if (needsInterval && IsAlias)
        {
            return "Interval cannot be set for Alias checks";
        }

        if (IsAlias && Ttl > TimeSpan.Zero)
        {
            return "TTL must be not be set for Alias checks";
        }

        if (!needsInterval && !IsAlias && Ttl <= TimeSpan.Zero)
        {
            return "TTL must be > 0 for TTL checks";
        }

        if (OutputMaxSize < 0)
        {
            return "MaxOutputMaxSize must be positive";
        }

        return FailuresBeforeWarning > FailuresBeforeCritical ? "FailuresBeforeWarning can't be higher than FailuresBeforeCritical" : null;
    }

    /// <summary>Whether <see cref="Status"/> is one that a check may begin with.</summary>
    public bool HasValidStatus => Status.Length == 0 || CheckStatusText.TryParse(Status, out _);

    /// <summary>The kinds that this build does not run, said clearly instead of leaving the check critical for ever; or null.</summary>
    public string? Unsupported() => Kind switch
    {
        CheckKind.Docker => "docker checks are not supported by this build",
        CheckKind.OsService => "os_service checks are not supported by this build",
        _ => null,
    };

    public bool Equals(CheckDefinition? other) =>
        other is not null
        && Scalars(this).Equals(Scalars(other))
        && ScriptArgs.AsSpan().SequenceEqual(other.ScriptArgs.AsSpan())
        && HeadersEqual(Header, other.Header);

    public override int GetHashCode() => HashCode.Combine(Id, Name, ServiceId, Kind, Interval, Ttl);

    private static (object, object, object) Scalars(CheckDefinition c) => (
        (c.Id, c.Name, c.Notes, c.ServiceId, c.Token, c.Status, c.Interval, c.Timeout, c.Ttl, c.Http, c.Method, c.Body, c.DisableRedirects),
        (c.Tcp, c.TcpUseTls, c.Udp, c.Grpc, c.GrpcUseTls, c.H2Ping, c.H2PingUseTls, c.OsService, c.DockerContainerId, c.Shell, c.AliasNode, c.AliasService),
        (c.TlsServerName, c.TlsSkipVerify, c.OutputMaxSize, c.SuccessBeforePassing, c.FailuresBeforeCritical, c.FailuresBeforeWarning, c.DeregisterCriticalServiceAfter));

    private static bool HeadersEqual(
        ImmutableSortedDictionary<string, ImmutableArray<string>> left, ImmutableSortedDictionary<string, ImmutableArray<string>> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach ((string name, ImmutableArray<string> values) in left)
        {
            if (!right.TryGetValue(name, out ImmutableArray<string> others) || !values.AsSpan().SequenceEqual(others.AsSpan()))
            {
                return false;
            }
        }

        return true;
    }
}
