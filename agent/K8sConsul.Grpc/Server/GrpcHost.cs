using System.Net;
using System.Net.Sockets;
using K8sConsul.Grpc.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace K8sConsul.Grpc;

/// <summary>A Kestrel that speaks only HTTP/2 on one address and answers from one method table.</summary>
public sealed class GrpcHost : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly TimeSpan _stopTimeout;
    private readonly CancellationTokenSource _stopping;
    private int _stopped;

    private GrpcHost(KestrelServer server, IPEndPoint endPoint, TimeSpan stopTimeout, CancellationTokenSource stopping)
    {
        _server = server;
        EndPoint = endPoint;
        _stopTimeout = stopTimeout;
        _stopping = stopping;
    }

    /// <summary>The bound address; its port is the real one when 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens; calls are answered from when the task completes.</summary>
    /// <exception cref="GrpcBindException">The address cannot be listened on.</exception>
    public static async Task<GrpcHost> StartAsync(
        IPEndPoint endPoint, GrpcMethodTable methods, GrpcServerOptions options, ILoggerFactory loggers, CancellationToken stop = default)
    {
        KestrelServerOptions kestrel = new() { AddServerHeader = false };
        Http2Limits http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = options.StreamsPerConnectionMax;
        http2.InitialStreamWindowSize = options.StreamWindowBytes;
        http2.InitialConnectionWindowSize = options.ConnectionWindowBytes;
        http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
        http2.MaxRequestHeaderFieldSize = options.HeaderBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;

        // Kestrel waits for open streams when it stops; the handlers of endless ones are told by this token instead.
        CancellationTokenSource stopping = new();
        ListenOptions? bound = null;
        kestrel.Listen(endPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.OnConnection is { } accepted)
            {
                listen.Use(next => connection =>
                {
                    accepted();
                    return next(connection);
                });
            }

            if (options.Tls is { } tls)
            {
                listen.Use(next => new TlsConnectionMiddleware(next, tls, options, loggers.CreateLogger<TlsConnectionMiddleware>()).OnConnectionAsync);
            }

            bound = listen;
        });

        KestrelServer server = new(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions { NoDelay = true }), loggers),
            loggers);
        try
        {
            await server.StartAsync(new GrpcDispatcher(methods, options, loggers.CreateLogger<GrpcDispatcher>(), stopping.Token), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            stopping.Dispose();
            throw new GrpcBindException(endPoint, GoNetError.Find(e) ?? (e.InnerException is AddressInUseException ? SocketError.AddressAlreadyInUse : SocketError.SocketError), e);
        }

        return new GrpcHost(server, bound!.IPEndPoint!, options.StopTimeout, stopping);
    }

    /// <summary>Takes no more calls, cancels the open ones and waits for them, at most <see cref="GrpcServerOptions.StopTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        using CancellationTokenSource limit = new(_stopTimeout);
        await _server.StopAsync(limit.Token).ConfigureAwait(false);
        _server.Dispose();
        _stopping.Dispose();
    }
}
