using System.Net;
using System.Net.Security;

namespace K8sConsul.Grpc;

/// <summary>How a channel reaches its peer, and what it accepts from it.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>Largest message received or sent. Default 4 MiB, as in gRPC elsewhere; raising it costs memory per call.</summary>
    public int MessageBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// TLS when set. Asked for each connection, so that certificates can be changed while running. The options' validation
    /// callback decides alone; their target host is what the certificate is checked for, by default the channel's host.
    /// </summary>
    public Func<SslClientAuthenticationOptions>? Tls { get; init; }

    /// <summary>Longest wait for TCP and TLS. Default 10 s. A call's own deadline may be shorter.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The connection is given up when what was sent stays without TCP's acknowledgement for this long. Default null: as the system has it, a
    /// quarter of an hour with ever longer pauses between attempts. Lower: found sooner after a network was cut and mended. Linux only (TCP_USER_TIMEOUT).
    /// </summary>
    public TimeSpan? UnacknowledgedMax { get; init; }

    /// <summary>A PING is sent when nothing was heard for this long. Default 10 s; infinite switches it off.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The connection is given up when a PING stays unanswered for this long. Default 10 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Also ping while no call is open, so that a dead peer is noticed before the next call. Default false.</summary>
    public bool KeepAlivePingWithoutCalls { get; init; }

    /// <summary>Opens another connection when the peer's stream limit is reached, instead of queueing. Default false.</summary>
    public bool MultipleConnections { get; init; }

    /// <summary>Bytes a peer may send on a stream before we read. Default 1 MiB; larger helps snapshots over long links.</summary>
    public int StreamWindowBytes { get; init; } = 1024 * 1024;

    /// <summary>An idle connection is closed after this. Default 5 min.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Sent as <c>user-agent</c>.</summary>
    public string UserAgent { get; init; } = "grpc-k8sconsul/1.8.7";

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the transport in place of a TCP connection to the channel's address: tests, Unix sockets, gateways.</summary>
    public Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}

/// <summary>What one call asks for.</summary>
/// <param name="Timeout">The deadline, from now; null waits for ever.</param>
/// <param name="Headers">Metadata sent along.</param>
public readonly record struct GrpcCallOptions(TimeSpan? Timeout = null, GrpcMetadata? Headers = null);
