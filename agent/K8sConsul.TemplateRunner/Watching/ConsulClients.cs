using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>The one client of a run.</summary>
internal static class ConsulClients
{
    /// <param name="config">How Consul is reached.</param>
    /// <param name="error">In the client's words; empty when made.</param>
    public static ConsulClient? TryCreate(ConsulConfig config, out string error)
    {
        return ConsulClient.TryCreate(ToOptions(config), out error);
    }

    internal static ConsulClientOptions ToOptions(ConsulConfig config)
    {
        SslConfig ssl = config.Ssl;
        TransportConfig transport = config.Transport;
        var options = new ConsulClientOptions
        {
            Address = config.Address.Length > 0 ? config.Address : ConsulClientOptions.DefaultAddress,
            Namespace = config.Namespace,
            Token = config.Token.Value,
            TokenFile = config.TokenFile,
            BasicAuth = config.Auth.IsEmpty ? null : config.Auth.Value,

            // One limit for both: .NET counts the handshake as part of connecting.
            ConnectTimeout = ssl.Enabled ? transport.DialTimeout + transport.TlsHandshakeTimeout : transport.DialTimeout,
            IdleConnectionTimeout = transport.IdleConnTimeout,
            ConnectionsMax = transport.MaxConnsPerHost,
            CloseAfterRequest = transport.DisableKeepAlives,
        };
        return !ssl.Enabled ? options : options with
        {
            UseTls = true,
            SkipTlsVerification = !ssl.Verify,
            CaPem = ssl.CaCertBytes,
            CaFile = ssl.CaCert,
            CaPath = ssl.CaPath,
            ClientCertFile = ssl.Cert,

            // One file may hold both.
            ClientKeyFile = ssl.Key.Length > 0 ? ssl.Key : ssl.Cert,
            TlsServerName = ssl.ServerName,
        };
    }
}
