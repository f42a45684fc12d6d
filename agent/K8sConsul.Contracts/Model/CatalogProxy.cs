using System.Text.Json;
using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A <see cref="ServiceProxy"/> as catalog and health show it: its upstreams are spelt out further.</summary>
public sealed class CatalogProxy
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationServiceName { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationServiceID { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LocalServiceAddress { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LocalServicePort { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Config { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<CatalogUpstream>? Upstreams { get; set; }

    public MeshGatewayMode MeshGateway { get; set; } = new();

    public ServiceExpose Expose { get; set; } = new();
}

/// <summary>Datacenter and Config are always there, unlike in <see cref="ServiceUpstream"/>.</summary>
public sealed class CatalogUpstream
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationType { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationNamespace { get; set; }

    public string DestinationName { get; set; } = string.Empty;

    public string Datacenter { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LocalBindAddress { get; set; }

    public int LocalBindPort { get; set; }

    public Dictionary<string, JsonElement>? Config { get; set; }

    public MeshGatewayMode MeshGateway { get; set; } = new();
}
