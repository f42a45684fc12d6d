namespace K8sConsul.Contracts.Model;

/// <summary><c>GET /v1/agent/connect/ca/leaf/:service</c>.</summary>
public sealed class ConnectLeaf
{
    public string SerialNumber { get; set; } = string.Empty;

    public string CertPEM { get; set; } = string.Empty;

    public string PrivateKeyPEM { get; set; } = string.Empty;

    public string Service { get; set; } = string.Empty;

    public string ServiceURI { get; set; } = string.Empty;

    /// <summary>RFC 3339.</summary>
    public string ValidAfter { get; set; } = string.Empty;

    /// <summary>RFC 3339.</summary>
    public string ValidBefore { get; set; } = string.Empty;

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}
