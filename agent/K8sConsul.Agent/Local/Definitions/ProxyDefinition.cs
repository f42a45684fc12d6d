using System.Collections.Immutable;

namespace K8sConsul.Agent.Local.Definitions;

/// <summary>The proxy part of a service of kind connect-proxy or of a gateway.</summary>
public sealed record ProxyDefinition
{
    public static readonly ProxyDefinition Empty = new();

    public string DestinationServiceName { get; init; } = "";

    public string DestinationServiceId { get; init; } = "";

    public string LocalServiceAddress { get; init; } = "";

    public int LocalServicePort { get; init; }

    /// <summary>Opaque JSON object in canonical form (keys sorted, no white space), or empty.</summary>
    public string ConfigJson { get; init; } = "";

    public ImmutableArray<UpstreamDefinition> Upstreams { get; init; } = [];

    public string MeshGatewayMode { get; init; } = "";

    public bool ExposeChecks { get; init; }

    public ImmutableArray<ExposePath> ExposePaths { get; init; } = [];

    public bool Equals(ProxyDefinition? other) =>
        other is not null
        && string.Equals(DestinationServiceName, other.DestinationServiceName, StringComparison.Ordinal)
        && string.Equals(DestinationServiceId, other.DestinationServiceId, StringComparison.Ordinal)
        && string.Equals(LocalServiceAddress, other.LocalServiceAddress, StringComparison.Ordinal)
        && LocalServicePort == other.LocalServicePort
        && string.Equals(ConfigJson, other.ConfigJson, StringComparison.Ordinal)
        && string.Equals(MeshGatewayMode, other.MeshGatewayMode, StringComparison.Ordinal)
        && ExposeChecks == other.ExposeChecks
        && Upstreams.AsSpan().SequenceEqual(other.Upstreams.AsSpan())
        && ExposePaths.AsSpan().SequenceEqual(other.ExposePaths.AsSpan());

    public override int GetHashCode() => HashCode.Combine(DestinationServiceName, DestinationServiceId, LocalServicePort);
}

/// <summary>A service that a proxy offers to its local application.</summary>
public sealed record UpstreamDefinition
{
    /// <summary><c>service</c> or <c>prepared_query</c>; empty is <c>service</c>.</summary>
    public string DestinationType { get; init; } = "";

    public string DestinationNamespace { get; init; } = "";

    public string DestinationName { get; init; } = "";

    public string Datacenter { get; init; } = "";

    public string LocalBindAddress { get; init; } = "";

    public int LocalBindPort { get; init; }

    /// <summary>Opaque JSON object in canonical form, or empty.</summary>
    public string ConfigJson { get; init; } = "";

    public string MeshGatewayMode { get; init; } = "";
}

/// <summary>A path of the local application that the proxy serves without authorization.</summary>
public sealed record ExposePath(int ListenerPort, string Path, int LocalPathPort, string Protocol, bool ParsedFromCheck);
