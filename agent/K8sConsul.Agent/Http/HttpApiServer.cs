using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Grpc.Net;
using K8sConsul.Server.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Http;

/// <summary>
/// The HTTP port. A Kestrel without hosting, routing or dependency injection: one request is one
/// <see cref="ApiRequest"/>, one <see cref="ApiResponse"/>.
/// </summary>
public sealed partial class HttpApiServer : IHttpApplication<IFeatureCollection>, IAsyncDisposable
{
    /// <summary>Bodies below this are not worth compressing.</summary>
    private const int GzipBytesMin = 1400;

    private const int HeaderCountMax = 100_000;

    private readonly ApiRouter _router;
    private readonly IClusterApi _cluster;
    private readonly Func<ApiSource> _source;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly HttpMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<IPAddress, int> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private KestrelServer? _kestrel;

    /// <param name="router">All endpoints: the agent's own with their handlers, the cluster's for their methods and limits.</param>
    /// <param name="source">The agent, as the origin of requests.</param>
    public HttpApiServer(HttpApiOptions options, ApiRouter router, IClusterApi cluster, Func<ApiSource> source, ILoggerFactory loggers, HttpMetrics metrics, TimeProvider time)
    {
        Options = options;
        _router = router;
        _cluster = cluster;
        _source = source;
        _loggers = loggers;
        _metrics = metrics;
        _time = time;
        _logger = loggers.CreateLogger("agent.http");
    }

    /// <summary>Swapped by a reload; a request uses what it found when it began.</summary>
    public HttpApiOptions Options { get; set; }

    /// <exception cref="IOException">An address is taken; the message is Go's.</exception>
    public async Task StartAsync(IReadOnlyList<EndPoint> endPoints, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestLineSize = 1024 * 1024;
        options.Limits.MaxRequestBufferSize = 2 * 1024 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
        // Go bounds their size and not their number, takes their bytes as they are, and a proxy's full URL for its path.
        options.Limits.MaxRequestHeaderCount = HeaderCountMax;
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.AllowHostHeaderOverride = true;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
        foreach (EndPoint endPoint in endPoints)
        {
            Action<ListenOptions> configure = listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(LimitConnections);
            };
            if (endPoint is UnixDomainSocketEndPoint unix)
            {
                options.ListenUnixSocket(unix.ToString()!, configure);
            }
            else
            {
                options.Listen((IPEndPoint)endPoint, configure);
            }
        }

        _kestrel = new KestrelServer(
            Microsoft.Extensions.Options.Options.Create(options),
            new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions()), _loggers),
            _loggers);
        try
        {
            await _kestrel.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            // Kestrel names the address in its own words only.
            EndPoint taken = endPoints.FirstOrDefault(e => failure.Message.Contains(e.ToString()!, StringComparison.Ordinal)) ?? endPoints[0];
            throw new IOException(GoNetError.Listen(Network(taken), taken, SocketError.AddressAlreadyInUse), failure);
        }
        catch (SocketException failure)
        {
            throw new IOException(GoNetError.Listen(Network(endPoints[0]), endPoints[0], failure.SocketErrorCode), failure);
        }
    }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // The features belong to the server.
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        try
        {
            await HandleAsync(context, response).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsGone(context))
        {
            // The client has gone, or we stop: there is nobody to answer.
            context.Get<IHttpRequestLifetimeFeature>()?.Abort();
        }
        catch (Exception failure)
        {
            // The loop's top: the request fails, the agent does not.
            LogFailed(context.GetRequiredFeature<IHttpRequestFeature>().Method, SafePath(context), failure);
            if (!response.HasStarted)
            {
                using ApiResponse answer = ApiResponse.Text(500, "internal error: " + failure.GetType().Name);
                await WriteAsync(context, response, answer, Options, wrapped: true).ConfigureAwait(false);
            }
            else
            {
                context.Get<IHttpRequestLifetimeFeature>()?.Abort();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_kestrel is not null)
        {
            // Blocking queries would hold the stop up for minutes.
            await _stopping.CancelAsync().ConfigureAwait(false);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await _kestrel.StopAsync(limit.Token).ConfigureAwait(false);
            _kestrel.Dispose();
        }

        _stopping.Dispose();
    }

    /// <summary>Decides about one request in the order in which Consul does: path, block list, method, writers' networks, handler.</summary>
    private async ValueTask HandleAsync(IFeatureCollection context, IHttpResponseFeature response)
    {
        HttpApiOptions options = Options;
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        (string rawPath, string rawQuery) = SplitTarget(request.RawTarget);
        if (RefuseUnsupported(request, rawPath) is { } refusal)
        {
            await WriteAsync(context, response, refusal, options, wrapped: false).ConfigureAwait(false);
            return;
        }

        string? path = PercentCoding.Decode(rawPath, plusIsSpace: false);
        if (path is null)
        {
            // Go's server cannot read the request line then, and closes the connection.
            using ApiResponse unread = ApiResponse.Text(400, "400 Bad Request").WithHeader("Connection", "close");
            await WriteAsync(context, response, unread, options, wrapped: false).ConfigureAwait(false);
            return;
        }

        if (!options.AllowUnprintable && GoPath.HasUnprintable(path))
        {
            await WriteAsync(context, response, ApiResponse.EmptyWithStatus(400), options, wrapped: false).ConfigureAwait(false);
            return;
        }

        string clean = GoPath.Clean(path);
        if (_router.IsFolder(clean))
        {
            clean += "/";
        }

        if (!ReferenceEquals(clean, path))
        {
            await RedirectAsync(context, response, GoPath.Encode(clean) + (rawQuery.Length > 0 ? "?" + rawQuery : string.Empty), options).ConfigureAwait(false);
            return;
        }

        if (path == "/")
        {
            using ApiResponse root = ApiResponse.Text(200, options.RootText);
            await WriteAsync(context, response, root, options, wrapped: false).ConfigureAwait(false);
            return;
        }

        ApiRoute? route = _router.Find(path, out string argument);
        if (route is null)
        {
            await WriteAsync(context, response, ApiResponse.EmptyWithStatus(404), options, wrapped: false).ConfigureAwait(false);
            return;
        }

        long started = _time.GetTimestamp();
        using ApiResponse answer = await DispatchAsync(context, request, route, path, argument, rawQuery, options).ConfigureAwait(false);
        await WriteAsync(context, response, answer, options, wrapped: true).ConfigureAwait(false);
        _metrics.Served(route, request.Method, started, answer.Status);
    }

    private async ValueTask<ApiResponse> DispatchAsync(
        IFeatureCollection context, IHttpRequestFeature request, ApiRoute route, string path, string argument, string rawQuery, HttpApiOptions options)
    {
        foreach (string blocked in options.BlockEndpoints)
        {
            if (path.StartsWith(blocked, StringComparison.Ordinal))
            {
                return ApiResponse.Text(403, "Endpoint is blocked by agent configuration");
            }
        }

        if (string.Equals(request.Method, "OPTIONS", StringComparison.Ordinal))
        {
            return ApiResponse.Empty().WithHeader("Allow", route.Allow);
        }

        if (!route.TryFind(request.Method, out ApiScope scope, out ApiHandler handler))
        {
            return ApiResponse.Text(405, $"method {request.Method} not allowed").WithHeader("Allow", route.Allow);
        }

        if (!IsWriteAllowed(context, request.Method, options))
        {
            return ApiResponse.Text(403, "Access is restricted");
        }

        if (ApiQuery.Parse(rawQuery) is not { } query)
        {
            return ApiResponse.EmptyWithStatus(500);
        }

        if (NamespaceRule.Refuse(path, query, request.Headers) is { } refused)
        {
            return ApiResponse.Text(400, refused);
        }

        CancellationToken aborted = context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, _stopping.Token);
        PooledBuffer? body = null;
        try
        {
            if (!route.StreamsBody && HasBody(context))
            {
                (body, long? tooLarge) = await RequestReader
                    .BodyAsync(request, context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader, route.BodyBytesMax, stop.Token)
                    .ConfigureAwait(false);
                if (body is null)
                {
                    return route.BodyTooLarge(tooLarge).WithHeader("Connection", "close");
                }
            }

            var call = new ApiRequest
            {
                Method = request.Method,
                Path = path,
                Argument = argument,
                Query = query,
                Body = body?.Memory ?? ReadOnlyMemory<byte>.Empty,
                BodyStream = route.StreamsBody ? request.Body : null,
                Token = RequestReader.Token(query, request, options.DefaultToken),
                Pretty = options.AlwaysPretty || query.Has("pretty"),
                Source = _source() with { ClientAddress = RequestReader.ClientAddress(context) },
                Headers = RequestReader.Headers(request),
            };
            return scope == ApiScope.Agent
                ? await InvokeLocalAsync(handler, call, stop.Token).ConfigureAwait(false)
                : await _cluster.InvokeAsync(call, stop.Token).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException) when (body is null)
        {
            return route.BodyUnreadable("invalid byte in chunk length").WithHeader("Connection", "close");
        }
        catch (IOException failure) when (body is null && failure is not ConnectionResetException && !aborted.IsCancellationRequested)
        {
            // Kestrel's word for a chunk whose length does not fit.
            return route.BodyUnreadable("http chunk length too large").WithHeader("Connection", "close");
        }
        finally
        {
            body?.Dispose();
        }
    }

    /// <summary>What Go's server refuses before any handler sees it, and Kestrel leaves to us.</summary>
    private static ApiResponse? RefuseUnsupported(IHttpRequestFeature request, string rawPath)
    {
        if (rawPath == "*")
        {
            return ApiResponse.Empty();
        }

        if (request.Headers.TransferEncoding is { Count: > 0 } encoding && !string.Equals(encoding.ToString(), "chunked", StringComparison.OrdinalIgnoreCase))
        {
            return ApiResponse.Bytes(501, "text/plain; charset=utf-8", "Unsupported transfer encoding"u8.ToArray()).WithHeader("Connection", "close");
        }

        return request.Headers.Expect is { Count: > 0 } expect && !string.Equals(expect.ToString(), "100-continue", StringComparison.OrdinalIgnoreCase)
            ? ApiResponse.EmptyWithStatus(417).WithHeader("Connection", "close")
            : null;
    }

    private static async ValueTask<ApiResponse> InvokeLocalAsync(ApiHandler handler, ApiRequest call, CancellationToken cancellationToken)
    {
        try
        {
            return await handler(call, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiRefusedException refused)
        {
            return ApiResponse.Text(refused.Status, refused.Message);
        }
    }

    private static async ValueTask WriteAsync(
        IFeatureCollection context, IHttpResponseFeature response, ApiResponse answer, HttpApiOptions options, bool wrapped)
    {
        response.StatusCode = answer.Status;
        if (wrapped)
        {
            response.Headers.Vary = "Accept-Encoding";
            foreach ((string name, string value) in options.ResponseHeaders)
            {
                response.Headers[name] = value;
            }
        }

        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.ContentType is { } type)
        {
            response.Headers.ContentType = type;
        }

        var body = context.GetRequiredFeature<IHttpResponseBodyFeature>();
        if (answer.Stream is { } write)
        {
            await body.StartAsync().ConfigureAwait(false);
            await write(body.Stream, context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted).ConfigureAwait(false);
            await body.CompleteAsync().ConfigureAwait(false);
            return;
        }

        ReadOnlyMemory<byte> bytes = answer.Body;
        if (bytes.Length >= GzipBytesMin && AcceptsGzip(context.GetRequiredFeature<IHttpRequestFeature>()))
        {
            response.Headers.ContentEncoding = "gzip";
            using var packed = new PooledBuffer(bytes.Length / 2);
            await using (var gzip = new GZipStream(new BufferStream(packed), CompressionLevel.Fastest))
            {
                gzip.Write(bytes.Span);
            }

            response.Headers.ContentLength = packed.Length;
            await body.Writer.WriteAsync(packed.Memory).ConfigureAwait(false);
            return;
        }

        response.Headers.ContentLength = bytes.Length;
        if (!bytes.IsEmpty)
        {
            await body.Writer.WriteAsync(bytes).ConfigureAwait(false);
        }
    }

    private static async ValueTask RedirectAsync(IFeatureCollection context, IHttpResponseFeature response, string location, HttpApiOptions options)
    {
        string method = context.GetRequiredFeature<IHttpRequestFeature>().Method;
        using ApiResponse answer = method is "GET" or "HEAD"
            ? ApiResponse.Bytes(301, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<a href=\"{System.Net.WebUtility.HtmlEncode(location)}\">Moved Permanently</a>.\n\n"))
            : ApiResponse.EmptyWithStatus(301);
        answer.WithHeader("Location", location);
        await WriteAsync(context, response, answer, options, wrapped: false).ConfigureAwait(false);
    }

    private static string Network(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint ? "unix" : "tcp";

    private static (string Path, string Query) SplitTarget(string target)
    {
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? target : target[..question];
        if (!path.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out Uri? absolute))
        {
            path = absolute.AbsolutePath;
        }

        return (path, question < 0 ? string.Empty : target[(question + 1)..]);
    }

    private static bool HasBody(IFeatureCollection context) =>
        context.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private static bool AcceptsGzip(IHttpRequestFeature request) =>
        request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    private static bool IsWriteAllowed(IFeatureCollection context, string method, HttpApiOptions options)
    {
        if (options.AllowWriteFrom.Count == 0 || method is "GET" or "HEAD" or "OPTIONS")
        {
            return true;
        }

        IPAddress? peer = context.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
        return peer is not null && options.AllowWriteFrom.Any(network => network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer));
    }

    private bool IsGone(IFeatureCollection context) =>
        _stopping.IsCancellationRequested || context.Get<IHttpRequestLifetimeFeature>() is { RequestAborted.IsCancellationRequested: true };

    /// <summary>Without the query, which may hold a token.</summary>
    private static string SafePath(IFeatureCollection context) => context.GetRequiredFeature<IHttpRequestFeature>().Path;

    /// <summary>One address may not take all connections; what is over is closed without a word, as in Consul.</summary>
    private ConnectionDelegate LimitConnections(ConnectionDelegate next) => async connection =>
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: { } address })
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        int open = _connections.AddOrUpdate(address, 1, static (_, count) => count + 1);
        try
        {
            if (open > Options.ConnectionsPerClientMax && Options.ConnectionsPerClientMax > 0)
            {
                connection.Abort();
                return;
            }

            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            if (_connections.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
            {
                _connections.TryRemove(new KeyValuePair<IPAddress, int>(address, 0));
            }
        }
    };

    [LoggerMessage(2001, LogLevel.Error, "Request error: method={Method} url={Path}")]
    private partial void LogFailed(string method, string path, Exception error);
}
