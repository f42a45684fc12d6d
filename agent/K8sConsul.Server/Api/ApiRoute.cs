namespace K8sConsul.Server.Api;

/// <summary>Who can answer a call.</summary>
public enum ApiScope
{
    /// <summary>The agent that the client speaks to, from what it knows itself.</summary>
    Agent,

    /// <summary>Any server of the datacenter, once it is fresh enough for the consistency asked for.</summary>
    Read,

    /// <summary>The leader of the datacenter.</summary>
    Leader,

    /// <summary>A server; the handler itself says how fresh it must be.</summary>
    Server,
}

public delegate ValueTask<ApiResponse> ApiHandler(ApiRequest request, CancellationToken cancellationToken);

/// <summary>An endpoint: a path (everything below it when it ends in a slash), its methods and its handlers.</summary>
public sealed class ApiRoute(string path, params (string Method, ApiScope Scope, ApiHandler Handler)[] operations)
{
    public string Path { get; } = path;

    /// <summary>The methods in the order in which <c>Allow</c> lists them, after OPTIONS.</summary>
    public string Allow { get; } = "OPTIONS," + string.Join(',', operations.Select(o => o.Method));

    /// <summary>Bodies beyond this are refused before they are read.</summary>
    public long BodyBytesMax { get; init; } = DefaultBodyBytesMax;

    /// <summary>The answer to a body that ends in the middle of a chunk or is badly cut into chunks, given Go's reason.</summary>
    public Func<string, ApiResponse> BodyUnreadable { get; init; } = static reason => ApiResponse.Text(400, "Request decode failed: " + reason);

    /// <summary>The answer to a body that is too large, given its size where it was announced.</summary>
    public Func<long?, ApiResponse> BodyTooLarge { get; init; } = static _ => ApiResponse.Text(413, "Request body too large");

    /// <summary>The body is handed over as a stream and never held in memory.</summary>
    public bool StreamsBody { get; init; }

    /// <summary><c>?dc</c> means nothing to it.</summary>
    public bool IgnoresDatacenter { get; init; }

    /// <summary>A read that failed carries the headers of a read that knows nothing; key/value reads do not.</summary>
    public bool TellsFailedReads { get; init; } = true;

    /// <summary>The default of 1.8.7 has no bound outside KV and transactions; this is far beyond any registration.</summary>
    public const long DefaultBodyBytesMax = 4 * 1024 * 1024;

    public bool TryFind(string method, out ApiScope scope, out ApiHandler handler)
    {
        foreach ((string known, ApiScope knownScope, ApiHandler knownHandler) in operations)
        {
            if (string.Equals(known, method, StringComparison.Ordinal))
            {
                scope = knownScope;
                handler = knownHandler;
                return true;
            }
        }

        scope = default;
        handler = null!;
        return false;
    }
}
