namespace K8sConsul.TemplateRunner.Data;

/// <summary>A service's certificate: the answer of <c>caLeaf</c>.</summary>
public sealed record CaLeaf
{
    public string SerialNumber { get; init; } = string.Empty;

    public string CertPEM { get; init; } = string.Empty;

    public string PrivateKeyPEM { get; init; } = string.Empty;

    public string Service { get; init; } = string.Empty;

    public string ServiceURI { get; init; } = string.Empty;

    /// <summary>RFC 3339.</summary>
    public string ValidAfter { get; init; } = string.Empty;

    /// <summary>RFC 3339.</summary>
    public string ValidBefore { get; init; } = string.Empty;

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    /// <summary>Holds a private key: not for logs.</summary>
    public override string ToString()
    {
        return $"leaf {SerialNumber} of {Service}";
    }
}
