using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>One pool of <c>GET /v1/operator/keyring</c>, the WAN's first.</summary>
public sealed class KeyringResponse
{
    public bool WAN { get; set; }

    public string Datacenter { get; set; } = string.Empty;

    public string Segment { get; set; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Messages { get; set; }

    /// <summary>By key: how many nodes have it.</summary>
    public Dictionary<string, int>? Keys { get; set; }

    public Dictionary<string, int>? PrimaryKeys { get; set; }

    public int NumNodes { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; set; }
}

/// <summary>The body of keyring writes.</summary>
public sealed class KeyringRequest
{
    public string Key { get; set; } = string.Empty;
}
