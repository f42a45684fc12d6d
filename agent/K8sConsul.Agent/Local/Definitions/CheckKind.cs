namespace K8sConsul.Agent.Local.Definitions;

/// <summary>How a check finds out its status.</summary>
public enum CheckKind
{
    /// <summary>No kind is given.</summary>
    None,
    Ttl,
    Http,
    Tcp,
    Udp,
    Grpc,
    H2Ping,
    Docker,
    OsService,
    Script,
    Alias,
}
