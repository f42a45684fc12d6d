using System.Text.Json;

namespace K8sConsul.Contracts.Model;

/// <summary>The agent about itself: <c>GET /v1/agent/self</c>. <c>DebugConfig</c> and <c>xDS</c> have no stable shape and stay JSON.</summary>
public sealed class AgentSelf
{
    public AgentSelfConfig Config { get; set; } = new();

    public JsonElement? DebugConfig { get; set; }

    /// <summary>Null when network coordinates are disabled.</summary>
    public Coordinate? Coord { get; set; }

    public AgentMember? Member { get; set; }

    public Dictionary<string, Dictionary<string, string>>? Stats { get; set; }

    public Dictionary<string, string>? Meta { get; set; }
}

public sealed class AgentSelfConfig
{
    public string Datacenter { get; set; } = string.Empty;

    public string NodeName { get; set; } = string.Empty;

    public string NodeID { get; set; } = string.Empty;

    public string Revision { get; set; } = string.Empty;

    public bool Server { get; set; }

    public string Version { get; set; } = string.Empty;
}
