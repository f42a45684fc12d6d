namespace K8sConsul.Contracts.Client;

/// <summary>How an agent is reached. Nothing is taken from the environment here: the programs resolve that themselves.</summary>
public sealed record ConsulClientOptions
{
    public const string DefaultAddress = "127.0.0.1:8500";

    /// <summary><c>host:port</c>, <c>http://…</c>, <c>https://…</c> (both may carry a path prefix) or <c>unix:///path</c>.</summary>
    public string Address { get; init; } = DefaultAddress;

    /// <summary>Use TLS even where the address does not say so. An address of <c>http://</c> does not take it back.</summary>
    public bool UseTls { get; init; }

    /// <summary>Sent as <c>X-Consul-Token</c>; empty for none.</summary>
    public string Token { get; init; } = string.Empty;

    /// <summary>Overrides <see cref="Token"/> unless the file is blank; empty for none. Read once, when the client is made.</summary>
    public string TokenFile { get; init; } = string.Empty;

    /// <summary><c>user</c> or <c>user:password</c>; null for none.</summary>
    public string? BasicAuth { get; init; }

    /// <summary>PEM file of the authorities that are trusted instead of the system's; empty for none.</summary>
    public string CaFile { get; init; } = string.Empty;

    /// <summary>The PEM text itself, before the files; empty for none.</summary>
    public string CaPem { get; init; } = string.Empty;

    /// <summary>A folder of such files. <see cref="CaFile"/> goes first.</summary>
    public string CaPath { get; init; } = string.Empty;

    public string ClientCertFile { get; init; } = string.Empty;

    public string ClientKeyFile { get; init; } = string.Empty;

    /// <summary>The name sent as SNI and looked for in the server's certificate, instead of the address's host.</summary>
    public string TlsServerName { get; init; } = string.Empty;

    public bool SkipTlsVerification { get; init; }

    /// <summary>Asked where a request names none; empty for the agent's own.</summary>
    public string Datacenter { get; init; } = string.Empty;

    /// <summary>Asked where a request names none; empty for the token's.</summary>
    public string Namespace { get; init; } = string.Empty;

    /// <summary>Obey <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>NO_PROXY</c> for hosts other than this one.</summary>
    public bool UseEnvironmentProxy { get; init; }

    /// <summary>How long a new connection may take, name lookup included. Null waits as long as the system does. Pooled sends only.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>An unused connection is closed after this. Null for .NET's minute. Pooled sends only.</summary>
    public TimeSpan? IdleConnectionTimeout { get; init; }

    /// <summary>Connections at once; further requests wait for one. A blocking query holds its connection. Zero for no limit. Pooled sends only.</summary>
    public int ConnectionsMax { get; init; }

    /// <summary>A connection per request. Pooled sends only.</summary>
    public bool CloseAfterRequest { get; init; }
}
