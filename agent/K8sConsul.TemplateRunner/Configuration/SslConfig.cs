namespace K8sConsul.TemplateRunner.Configuration;

public sealed record SslConfig
{
    public bool Enabled { get; init; }

    public bool Verify { get; init; } = true;

    public string Cert { get; init; } = string.Empty;

    public string Key { get; init; } = string.Empty;

    public string CaCert { get; init; } = string.Empty;

    /// <summary>The authorities' PEM text itself.</summary>
    public string CaCertBytes { get; init; } = string.Empty;

    public string CaPath { get; init; } = string.Empty;

    public string ServerName { get; init; } = string.Empty;
}
