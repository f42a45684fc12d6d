namespace K8sConsul.Contracts.Model;

/// <summary><c>GET /v1/agent/connect/ca/roots</c>.</summary>
public sealed class ConnectRoots
{
    public string ActiveRootID { get; set; } = string.Empty;

    public string TrustDomain { get; set; } = string.Empty;

    public List<ConnectRoot>? Roots { get; set; } = [];
}

/// <summary>An authority of the mesh.</summary>
public sealed class ConnectRoot
{
    public string ID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    /// <summary>PEM.</summary>
    public string RootCert { get; set; } = string.Empty;

    /// <summary>The one that signs; the others are trusted until their last certificate has expired.</summary>
    public bool Active { get; set; }

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}
