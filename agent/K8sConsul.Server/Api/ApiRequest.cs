using K8sConsul.Server.Api.Reading;

namespace K8sConsul.Server.Api;

/// <summary>The agent that a request came in at: defaults for nodes and for sorting by distance.</summary>
public sealed record ApiSource(string Node, string Datacenter, string ClientAddress);

/// <summary>
/// An API call, free of sockets: the HTTP edge makes it, and it travels as it is between agents when another server must
/// answer.
/// </summary>
public sealed class ApiRequest
{
    public required string Method { get; init; }

    /// <summary>The decoded path, e.g. <c>/v1/kv/a/b</c>.</summary>
    public required string Path { get; init; }

    public ApiQuery Query { get; init; } = ApiQuery.Empty;

    /// <summary>The whole body. Valid while the call is being handled; a handler that keeps it copies it.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body of calls that are too large to stand in memory, such as a snapshot; null for all others.</summary>
    public Stream? BodyStream { get; init; }

    /// <summary>The caller's secret; empty for the anonymous one. Never logged.</summary>
    public string Token { get; init; } = string.Empty;

    /// <summary>Indent the answer.</summary>
    public bool Pretty { get; init; }

    public required ApiSource Source { get; init; }

    /// <summary>The call was forwarded here because this server is thought to lead; it is not forwarded again.</summary>
    public bool Forwarded { get; init; }

    /// <summary>Header values that some endpoints look at, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>What follows the route's path.</summary>
    public string Argument { get; set; } = string.Empty;

    /// <summary>Kept by <see cref="Reading.ReadOptions.Parse"/>: the gate asks for them before the read does.</summary>
    internal ReadOptions? Options { get; set; }

    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>(StringComparer.Ordinal);
}
