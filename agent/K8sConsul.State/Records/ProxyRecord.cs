namespace K8sConsul.State.Records;

/// <summary>A service that a proxy offers to its application on a local port.</summary>
public sealed record UpstreamRecord
{
    public string DestinationType { get; init; } = string.Empty;

    public string DestinationNamespace { get; init; } = string.Empty;

    public string DestinationName { get; init; } = string.Empty;

    public string Datacenter { get; init; } = string.Empty;

    public string LocalBindAddress { get; init; } = string.Empty;

    public int LocalBindPort { get; init; }

    /// <summary>Opaque to the catalog: compact JSON as the registration gave it, or empty.</summary>
    public string ConfigJson { get; init; } = string.Empty;

    public string MeshGatewayMode { get; init; } = string.Empty;
}

/// <summary>A path that a proxy exposes without mutual TLS.</summary>
public sealed record ExposePathRecord(int ListenerPort, string Path, int LocalPathPort, string Protocol, bool ParsedFromCheck);

/// <summary>What a registration of kind <c>connect-proxy</c> or a gateway says about the proxy.</summary>
public sealed record ProxyRecord
{
    public string DestinationServiceName { get; init; } = string.Empty;

    public string DestinationServiceId { get; init; } = string.Empty;

    public string LocalServiceAddress { get; init; } = string.Empty;

    public int LocalServicePort { get; init; }

    /// <summary>Opaque to the catalog: compact JSON as the registration gave it, or empty.</summary>
    public string ConfigJson { get; init; } = string.Empty;

    public IReadOnlyList<UpstreamRecord> Upstreams { get; init; } = [];

    public string MeshGatewayMode { get; init; } = string.Empty;

    public bool ExposeChecks { get; init; }

    public IReadOnlyList<ExposePathRecord> ExposePaths { get; init; } = [];

    private static readonly ProxyRecord _empty = new();

    /// <summary>None and one that says nothing are the same.</summary>
    public static bool Same(ProxyRecord? left, ProxyRecord? right)
    {
        left ??= _empty;
        right ??= _empty;
        return left.Upstreams.SequenceEqual(right.Upstreams)
            && left.ExposePaths.SequenceEqual(right.ExposePaths)
            && left with { Upstreams = right.Upstreams, ExposePaths = right.ExposePaths } == right;
    }
}
