using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>TLS of checks: the system's roots, or the agent's own certificates with <c>enable_agent_tls_for_checks</c>.</summary>
public sealed class ProbeTls
{
    public static readonly ProbeTls System = new();

    /// <summary>The agent's options as a client, asked anew for each connection because certificates are reloaded; null: none.</summary>
    public Func<SslClientAuthenticationOptions>? Agent { get; init; }

    /// <summary>Options for one handshake; the host is verified and sent as server name unless the check names another.</summary>
    internal SslClientAuthenticationOptions For(string serverName, bool skipVerify, string host)
    {
        SslClientAuthenticationOptions options = Agent?.Invoke() ?? new SslClientAuthenticationOptions();
        options.TargetHost = serverName.Length > 0 ? serverName : host;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        if (skipVerify)
        {
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }

        return options;
    }

    internal SslClientAuthenticationOptions For(CheckDefinition check, string host) => For(check.TlsServerName, check.TlsSkipVerify, host);
}
