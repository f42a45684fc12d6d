using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A row of <c>GET /v1/catalog/service/:name</c>: node and service in one. The indexes are the service's.</summary>
public sealed class CatalogService
{
    public string ID { get; set; } = string.Empty;

    public string Node { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;

    public string Datacenter { get; set; } = string.Empty;

    public Dictionary<string, string>? TaggedAddresses { get; set; }

    public Dictionary<string, string>? NodeMeta { get; set; }

    public string ServiceKind { get; set; } = string.Empty;

    public string ServiceID { get; set; } = string.Empty;

    public string ServiceName { get; set; } = string.Empty;

    public List<string>? ServiceTags { get; set; } = [];

    public string ServiceAddress { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, ServiceAddress>? ServiceTaggedAddresses { get; set; }

    public ServiceWeights ServiceWeights { get; set; } = new();

    public Dictionary<string, string>? ServiceMeta { get; set; } = new(StringComparer.Ordinal);

    public int ServicePort { get; set; }

    public bool ServiceEnableTagOverride { get; set; }

    public CatalogProxy ServiceProxy { get; set; } = new();

    public ServiceConnect ServiceConnect { get; set; } = new();

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}
