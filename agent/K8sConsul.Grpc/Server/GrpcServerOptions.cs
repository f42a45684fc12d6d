using System.Net.Security;

namespace K8sConsul.Grpc;

/// <summary>Limits of a server; every one is per connection or per call.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>Largest message received or sent. Default 4 MiB.</summary>
    public int MessageBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Calls open at once on one connection; a client queues the rest. Default 1,000.</summary>
    public int StreamsPerConnectionMax { get; init; } = 1000;

    /// <summary>Connections open at once; further ones are closed at once. Null: no limit. Default 4,096.</summary>
    public long? ConnectionsMax { get; init; } = 4096;

    /// <summary>Bytes a client may send on one stream before we read. Default 1 MiB.</summary>
    public int StreamWindowBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes a client may send on all streams together before we read. Default 4 MiB.</summary>
    public int ConnectionWindowBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Header block of one call. Default 16 KiB.</summary>
    public int HeaderBytesMax { get; init; } = 16 * 1024;

    /// <summary>A PING is sent when nothing was heard for this long. Default 10 s; infinite switches it off.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection whose PING stays unanswered for this long is closed. Default 10 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A TLS handshake that takes longer is given up. Default 5 s, as Consul's <c>rpc_handshake_timeout</c>.</summary>
    public TimeSpan TlsHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// TLS when set. Asked for each connection, so that certificates can be changed while running; the options' validation
    /// callback decides about client certificates.
    /// </summary>
    public Func<SslServerAuthenticationOptions>? Tls { get; init; }

    /// <summary>How long open calls may take to end when the host stops. Default 5 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called for each connection that is accepted, before anything is read from it.</summary>
    public Action? OnConnection { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
