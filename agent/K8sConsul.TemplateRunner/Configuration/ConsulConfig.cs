namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>How Consul is reached.</summary>
public sealed record ConsulConfig
{
    /// <summary>Empty for the agent on this host.</summary>
    public string Address { get; init; } = string.Empty;

    public string Namespace { get; init; } = string.Empty;

    public Secret Token { get; init; } = Secret.None;

    public string TokenFile { get; init; } = string.Empty;

    /// <summary><c>user</c> or <c>user:password</c>; empty for none.</summary>
    public Secret Auth { get; init; } = Secret.None;

    public RetryConfig Retry { get; init; } = new();

    public SslConfig Ssl { get; init; } = new();

    public TransportConfig Transport { get; init; } = new();
}
