using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli;

[Flags]
internal enum ClientFlagSets
{
    /// <summary>How the agent is reached.</summary>
    Client = 0,

    /// <summary>Which servers answer.</summary>
    Server = 1,

    Namespace = 2,
}

/// <summary>The flags that say how the agent is reached and asked.</summary>
internal sealed class ClientFlags
{
    private readonly Flag<string?> _address;
    private readonly Flag<string?> _token;
    private readonly Flag<string?> _tokenFile;
    private readonly Flag<string?> _caFile;
    private readonly Flag<string?> _caPath;
    private readonly Flag<string?> _clientCert;
    private readonly Flag<string?> _clientKey;
    private readonly Flag<string?> _tlsServerName;
    private readonly Flag<string?>? _datacenter;
    private readonly Flag<bool?>? _stale;
    private readonly Flag<string?>? _namespace;

    public ClientFlags(FlagSet flags, ClientFlagSets sets)
    {
        _address = Text(flags, "http-addr", "The `address` of the agent's HTTP API: a host name or IP address with its port, a URL, or unix:// with the path of a socket. CONSUL_HTTP_ADDR sets it too. Without either it is http://127.0.0.1:8500. CONSUL_HTTP_SSL=true turns the scheme into https.");
        _token = Text(flags, "token", "The ACL token that requests carry. CONSUL_HTTP_TOKEN sets it too. Without either the agent uses its own default token.");
        _tokenFile = Text(flags, "token-file", "A file with the ACL token. It goes before -token and CONSUL_HTTP_TOKEN. CONSUL_HTTP_TOKEN_FILE sets it too.");
        _caFile = Text(flags, "ca-file", "PEM file of the certificate authorities to trust when the agent is asked over TLS. CONSUL_CACERT sets it too.");
        _caPath = Text(flags, "ca-path", "Folder of PEM files of the certificate authorities to trust when the agent is asked over TLS. CONSUL_CAPATH sets it too.");
        _clientCert = Text(flags, "client-cert", "PEM file of the certificate to show to an agent that has 'verify_incoming' on. CONSUL_CLIENT_CERT sets it too.");
        _clientKey = Text(flags, "client-key", "PEM file of the private key of -client-cert. CONSUL_CLIENT_KEY sets it too.");
        _tlsServerName = Text(flags, "tls-server-name", "The name to send as SNI, and to look for in the agent's certificate. CONSUL_TLS_SERVER_NAME sets it too.");
        if (sets.HasFlag(ClientFlagSets.Server))
        {
            _datacenter = Text(flags, "datacenter", "The datacenter that is asked. Without it, it is the agent's own.");
            _stale = flags.Optional("stale", "Let any server answer, not only the leader. Faster and always available, but what it says may be out of date. Writes are not affected. Off by default.", FlagKinds.ConsulBool, FlagGroup.HttpApi);
        }

        if (sets.HasFlag(ClientFlagSets.Namespace))
        {
            _namespace = flags.Optional("namespace", "The namespace that is asked; without it the one of the token, or `default`. Agents without Consul Enterprise refuse it.", FlagKinds.ConsulString);
        }
    }

    public QueryOptions Query => _stale?.Value == true ? new QueryOptions { AllowStale = true } : QueryOptions.None;

    /// <summary>Flags go before the environment; an empty address counts as not given.</summary>
    public ConsulClientOptions ToOptions(Terminal terminal)
    {
        var environment = new ClientEnvironment(terminal);
        return new ConsulClientOptions
        {
            Address = Or(_address.Value, environment.Address),
            UseTls = environment.UseTls,
            SkipTlsVerification = environment.SkipTlsVerification,
            Token = _token.Value ?? environment.Token,
            TokenFile = _tokenFile.Value ?? environment.TokenFile,
            BasicAuth = environment.BasicAuth,
            CaFile = Or(_caFile.Value, environment.CaFile),
            CaPath = Or(_caPath.Value, environment.CaPath),
            ClientCertFile = Or(_clientCert.Value, environment.ClientCertFile),
            ClientKeyFile = Or(_clientKey.Value, environment.ClientKeyFile),
            TlsServerName = _tlsServerName.Value ?? environment.TlsServerName,
            Datacenter = _datacenter?.Value ?? string.Empty,
            Namespace = _namespace?.Value ?? environment.Namespace,
            UseEnvironmentProxy = environment.HasProxy,
        };
    }

    private static string Or(string? given, string otherwise)
    {
        return string.IsNullOrEmpty(given) ? otherwise : given;
    }

    private static Flag<string?> Text(FlagSet flags, string name, string usage)
    {
        return flags.Optional(name, usage, FlagKinds.ConsulString, FlagGroup.HttpApi);
    }
}
