namespace K8sConsul.Contracts.Model;

/// <summary><c>GET /v1/operator/raft/configuration</c>.</summary>
public sealed class RaftConfiguration
{
    public List<RaftServer> Servers { get; set; } = [];

    public ulong Index { get; set; }
}

public sealed class RaftServer
{
    public string ID { get; set; } = string.Empty;

    /// <summary><c>(unknown)</c> when gossip does not know the peer.</summary>
    public string Node { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;

    public bool Leader { get; set; }

    public string ProtocolVersion { get; set; } = string.Empty;

    public bool Voter { get; set; }
}
