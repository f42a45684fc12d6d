using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Grpc;

/// <summary>
/// Calls to one peer over one HTTP/2 connection, which is made at the first call and again whenever it was lost.
/// Thread-safe; dispose it when the peer is gone.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    /// <summary>IPPROTO_TCP and TCP_USER_TIMEOUT of Linux, for which .NET has no names.</summary>
    private const int IpProtocolTcp = 6;
    private const int TcpUserTimeout = 18;

    private readonly HttpMessageInvoker _http;
    private readonly Uri _base;

    /// <summary>Connects to nobody yet.</summary>
    /// <param name="host">A name or an IP literal, IPv6 without brackets.</param>
    /// <param name="port">1 to 65535.</param>
    public GrpcChannel(string host, int port, GrpcChannelOptions? options = null)
    {
        Options = options ?? new GrpcChannelOptions();
        _base = new UriBuilder(Options.Tls is null ? "http" : "https", host, port).Uri;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Options.ConnectTimeout,
            EnableMultipleHttp2Connections = Options.MultipleConnections,
            InitialHttp2StreamWindowSize = Options.StreamWindowBytes,
            KeepAlivePingDelay = Options.KeepAlivePingDelay,
            KeepAlivePingTimeout = Options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = Options.KeepAlivePingWithoutCalls ? HttpKeepAlivePingPolicy.Always : HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Options.ConnectionIdleTimeout,
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public GrpcChannelOptions Options { get; }

    /// <summary>One request, one answer.</summary>
    /// <exception cref="GrpcException">The call failed; a passed deadline is <see cref="GrpcStatusCode.DeadlineExceeded"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public async ValueTask<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options = default, CancellationToken stop = default)
    {
        using GrpcClientCall<TResponse> call = Start(method, new SingleMessageContent<TRequest>(method.RequestMarshaller, request, Options.MessageBytesMax), options, stop);
        (bool has, TResponse? response) = await call.Responses.ReadAsync(stop).ConfigureAwait(false);
        if (!has)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "server closed the stream without sending a response message");
        }

        // The status comes after the message: a response is only one once the status says OK.
        return await call.Responses.WaitToReadAsync(stop).ConfigureAwait(false)
            ? throw new GrpcException(GrpcStatusCode.Internal, "cardinality violation: expected <EOF> for non server-streaming RPCs, but received another message")
            : response!;
    }

    /// <summary>One request, many answers. Dispose the call to end it early.</summary>
    public GrpcServerStreamingCall<TResponse> ServerStreaming<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options = default, CancellationToken stop = default) =>
        new(Start(method, new SingleMessageContent<TRequest>(method.RequestMarshaller, request, Options.MessageBytesMax), options, stop));

    /// <summary>Both sides send as they like. Dispose the call to end it early.</summary>
    public GrpcBidiCall<TRequest, TResponse> Bidi<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options = default, CancellationToken stop = default)
    {
        PipeContent content = new();
        return new(Start(method, content, options, stop), content, method.RequestMarshaller, Options.MessageBytesMax);
    }

    public void Dispose() => _http.Dispose();

    private GrpcClientCall<TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, HttpContent content, in GrpcCallOptions options, CancellationToken stop)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(_base, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("user-agent", Options.UserAgent);
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity");
        if (options.Timeout is { } timeout)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(timeout));
        }

        foreach ((string name, string value) in options.Headers ?? GrpcMetadata.Empty)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return new GrpcClientCall<TResponse>(_http, request, method.ResponseMarshaller, Options, options.Timeout, stop);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        DnsEndPoint target = context.DnsEndPoint;
        Stream stream;
        if (Options.Connect is { } connect)
        {
            stream = await connect(target, stop).ConfigureAwait(false);
        }
        else
        {
            Socket socket = await Dialer.ConnectAsync(target.Host.Trim('[', ']'), target.Port, stop).ConfigureAwait(false);
            if (Options.UnacknowledgedMax is { } longest && OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(IpProtocolTcp, TcpUserTimeout, BitConverter.GetBytes((int)longest.TotalMilliseconds));
            }

            stream = new NetworkStream(socket, ownsSocket: true);
        }

        if (Options.Tls is null)
        {
            return stream;
        }

        SslClientAuthenticationOptions tls = TlsDialer.Copy(Options.Tls());
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2];
        tls.TargetHost ??= target.Host.Trim('[', ']');

        // The handler takes an SslStream as it is, so that the reason for a refused certificate stays ours to tell.
        return await TlsDialer.AuthenticateAsync(stream, tls, stop).ConfigureAwait(false);
    }
}
