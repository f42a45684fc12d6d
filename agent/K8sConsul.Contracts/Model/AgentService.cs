using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A service as the local agent shows it: <c>GET /v1/agent/services</c>.</summary>
public sealed class AgentService
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; set; }

    public string ID { get; set; } = string.Empty;

    public string Service { get; set; } = string.Empty;

    public List<string>? Tags { get; set; } = [];

    public Dictionary<string, string>? Meta { get; set; } = new(StringComparer.Ordinal);

    public int Port { get; set; }

    public string Address { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, ServiceAddress>? TaggedAddresses { get; set; }

    public ServiceWeights Weights { get; set; } = new();

    public bool EnableTagOverride { get; set; }

    /// <summary>Only <c>GET /v1/agent/service/:id</c> has it: what a hash-blocking query waits to change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContentHash { get; set; }

    /// <summary>Only proxies and gateways have it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceProxy? Proxy { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ServiceConnect? Connect { get; set; }
}

public sealed class ServiceAddress
{
    public string Address { get; set; } = string.Empty;

    public int Port { get; set; }
}

/// <summary>Weights in DNS SRV answers.</summary>
public sealed class ServiceWeights
{
    public int Passing { get; set; } = 1;

    public int Warning { get; set; } = 1;
}
