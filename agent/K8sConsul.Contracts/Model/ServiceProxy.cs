using System.Text.Json;
using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>The proxy part of a service.</summary>
public sealed class ServiceProxy
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationServiceName { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationServiceID { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LocalServiceAddress { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LocalServicePort { get; set; }

    /// <summary>The proxy's own settings; Consul keeps them as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Config { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<ServiceUpstream>? Upstreams { get; set; }

    public MeshGatewayMode MeshGateway { get; set; } = new();

    public ServiceExpose Expose { get; set; } = new();
}

public sealed class ServiceUpstream
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationType { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DestinationNamespace { get; set; }

    public string DestinationName { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Datacenter { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LocalBindAddress { get; set; }

    public int LocalBindPort { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, JsonElement>? Config { get; set; }

    public MeshGatewayMode MeshGateway { get; set; } = new();
}

public sealed class MeshGatewayMode
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Mode { get; set; }
}

public sealed class ServiceExpose
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Checks { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<ServiceExposePath>? Paths { get; set; }
}

public sealed class ServiceExposePath
{
    public int ListenerPort { get; set; }

    public string Path { get; set; } = string.Empty;

    public int LocalPathPort { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Protocol { get; set; }

    public bool ParsedFromCheck { get; set; }
}

/// <summary>Mesh settings of a service.</summary>
public sealed class ServiceConnect
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Native { get; set; }

    /// <summary>Only in registrations: a proxy to register beside the service.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceRegistration? SidecarService { get; set; }
}
