using System.Net;

namespace K8sConsul.Agent.Http;

/// <summary>What of the HTTP API the configuration decides. Immutable; a reload swaps it.</summary>
public sealed record HttpApiOptions
{
    /// <summary>Indent every answer, as <c>-dev</c> does.</summary>
    public bool AlwaysPretty { get; init; }

    /// <summary>Path prefixes that are answered with 403 (<c>http_config.block_endpoints</c>).</summary>
    public IReadOnlyList<string> BlockEndpoints { get; init; } = [];

    /// <summary>Headers of every answer (<c>http_config.response_headers</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; init; } = [];

    /// <summary>Networks that may write; empty allows all (<c>http_config.allow_write_http_from</c>).</summary>
    public IReadOnlyList<IPNetwork> AllowWriteFrom { get; init; } = [];

    /// <summary>Let control characters in paths through (<c>disable_http_unprintable_char_filter</c>).</summary>
    public bool AllowUnprintable { get; init; }

    /// <summary>Connections from one address; more are closed without an answer (<c>limits.http_max_conns_per_client</c>).</summary>
    public int ConnectionsPerClientMax { get; init; } = 200;

    /// <summary>The token of requests that bring none (<c>acl.tokens.default</c>).</summary>
    public string DefaultToken { get; init; } = string.Empty;

    /// <summary>What the root answers.</summary>
    public string RootText { get; init; } = "Consul Agent";
}
