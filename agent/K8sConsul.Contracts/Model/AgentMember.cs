namespace K8sConsul.Contracts.Model;

/// <summary>A member of the LAN or WAN gossip pool: <c>GET /v1/agent/members</c>.</summary>
public sealed class AgentMember
{
    public string Name { get; set; } = string.Empty;

    public string Addr { get; set; } = string.Empty;

    public int Port { get; set; }

    public Dictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Serf's number for the state; see <see cref="MemberStatus"/>.</summary>
    public int Status { get; set; }

    public int ProtocolMin { get; set; }

    public int ProtocolMax { get; set; }

    public int ProtocolCur { get; set; }

    public int DelegateMin { get; set; }

    public int DelegateMax { get; set; }

    public int DelegateCur { get; set; }
}

/// <summary>Serf's member states as the HTTP API numbers them.</summary>
public enum MemberStatus
{
    None = 0,
    Alive = 1,
    Leaving = 2,
    Left = 3,
    Failed = 4,
}
