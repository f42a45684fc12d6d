using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A service instance as health and <c>catalog/node</c> endpoints show it.</summary>
public sealed class NodeService
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; set; }

    public string ID { get; set; } = string.Empty;

    public string Service { get; set; } = string.Empty;

    public List<string>? Tags { get; set; } = [];

    public string Address { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, ServiceAddress>? TaggedAddresses { get; set; }

    public Dictionary<string, string>? Meta { get; set; }

    public int Port { get; set; }

    public ServiceWeights? Weights { get; set; }

    public bool EnableTagOverride { get; set; }

    public CatalogProxy Proxy { get; set; } = new();

    public ServiceConnect Connect { get; set; } = new();

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}

/// <summary><c>GET /v1/catalog/node/:node</c>; the answer is null for an unknown node.</summary>
public sealed class CatalogNodeServices
{
    public CatalogNode? Node { get; set; }

    /// <summary>By service id.</summary>
    public Dictionary<string, NodeService>? Services { get; set; }
}

/// <summary>One instance with its node and the checks of both: <c>GET /v1/health/service/:name</c>.</summary>
public sealed class ServiceEntry
{
    public CatalogNode Node { get; set; } = new();

    public NodeService Service { get; set; } = new();

    public List<HealthCheck> Checks { get; set; } = [];
}
