using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration;

/// <summary>A service as configured.</summary>
public sealed record ServiceDefinition
{
    /// <summary>Empty takes the name.</summary>
    public string Id { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public ServiceKind Kind { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Address { get; init; } = string.Empty;

    public int Port { get; init; }

    public string SocketPath { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, ServiceAddressDefinition> TaggedAddresses { get; init; } =
        new SortedDictionary<string, ServiceAddressDefinition>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Meta { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    public int PassingWeight { get; init; } = 1;

    public int WarningWeight { get; init; } = 1;

    public bool EnableTagOverride { get; init; }

    public string Token { get; init; } = string.Empty;

    /// <summary>The list first, then the single <c>check</c>.</summary>
    public IReadOnlyList<CheckDefinition> Checks { get; init; } = [];

    public bool ConnectNative { get; init; }

    /// <summary>The block was there, even if empty.</summary>
    public bool HasConnect { get; init; }

    public ServiceDefinition? Sidecar { get; init; }

    public ProxyDefinition? Proxy { get; init; }
}

public enum ServiceKind
{
    Typical,
    ConnectProxy,
    MeshGateway,
    TerminatingGateway,
    IngressGateway,
}

public sealed record ServiceAddressDefinition(string Address, int Port);

/// <summary>What a proxy or a gateway is for. This build keeps it in the catalog and runs no proxy.</summary>
public sealed record ProxyDefinition
{
    public string DestinationServiceName { get; init; } = string.Empty;

    public string DestinationServiceId { get; init; } = string.Empty;

    public string LocalServiceAddress { get; init; } = string.Empty;

    public int LocalServicePort { get; init; }

    /// <summary>Null where nothing was given.</summary>
    public ConfigObject? Config { get; init; }

    public IReadOnlyList<UpstreamDefinition> Upstreams { get; init; } = [];

    /// <summary>Empty, none, local or remote.</summary>
    public string MeshGatewayMode { get; init; } = string.Empty;

    public bool ExposeChecks { get; init; }

    public IReadOnlyList<ExposedPathDefinition> ExposePaths { get; init; } = [];
}

public sealed record UpstreamDefinition
{
    /// <summary>service or prepared_query.</summary>
    public string DestinationType { get; init; } = "service";

    public string DestinationNamespace { get; init; } = string.Empty;

    public string DestinationName { get; init; } = string.Empty;

    public string Datacenter { get; init; } = string.Empty;

    public string LocalBindAddress { get; init; } = string.Empty;

    public int LocalBindPort { get; init; }

    public ConfigObject? Config { get; init; }

    public string MeshGatewayMode { get; init; } = string.Empty;
}

public sealed record ExposedPathDefinition(string Path, int LocalPathPort, int ListenerPort, string Protocol);
