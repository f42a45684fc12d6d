using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>Opens an HTTP/2 connection and sends one PING (RFC 9113, 6.7); passing when it is answered.</summary>
public sealed class H2PingProbe(ProbeTls tls, TimeProvider time) : IProbe
{
    private const int FrameHeaderSize = 9;
    private const byte PingType = 6;
    private const byte GoAwayType = 7;
    private const byte AckFlag = 1;

    /// <summary>Our SETTINGS raise nothing, so that no peer may send a larger frame (RFC 9113, 4.2).</summary>
    private const int FrameBytesMax = 16384;

    /// <summary>A peer that sends so many other frames before its answer does not mean to answer.</summary>
    private const int FramesMax = 64;

    private static readonly byte[] Opening =
    [
        .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
        0, 0, 0, 4, 0, 0, 0, 0, 0, // SETTINGS, empty
        0, 0, 8, PingType, 0, 0, 0, 0, 0, (byte)'c', (byte)'o', (byte)'n', (byte)'s', (byte)'u', (byte)'l', (byte)'h', (byte)'2',
    ];

    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        if (!HostPort.TryParse("tcp", check.H2Ping, out string host, out int port, out string? error))
        {
            return Failed(error);
        }

        using CancellationTokenSource limit = new(ProbeTimeout.Of(check, ProbeTimeout.Network), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using Socket socket = await Dialer.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            if (check.H2PingUseTls)
            {
                SslClientAuthenticationOptions options = tls.For(check, host);
                options.ApplicationProtocols = [SslApplicationProtocol.Http2];
                stream = await TlsDialer.AuthenticateAsync(stream, options, either.Token).ConfigureAwait(false);
            }

            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Opening, either.Token).ConfigureAwait(false);
                return await ReadAnswerAsync(stream, either.Token).ConfigureAwait(false)
                    ? CheckResult.Passing("HTTP2 ping was successful")
                    : Failed("connection closed");
            }
        }
        catch (Exception e) when (e is DialException or TlsHandshakeException)
        {
            return CheckResult.Critical($"Failed to dial to {check.H2Ping}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return Failed(GoNetError.Find(e) is { } code ? GoNetError.Text(code) : e is EndOfStreamException ? "unexpected EOF" : e.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed("context deadline exceeded");
        }
    }

    private static CheckResult Failed(string reason) => CheckResult.Critical($"HTTP2 ping failed: {reason}");

    private static async Task<bool> ReadAnswerAsync(Stream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[FrameBytesMax];
        for (int frame = 0; frame < FramesMax; frame++)
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, FrameHeaderSize), stop).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadInt32BigEndian(buffer) >> 8;
            byte type = buffer[3];
            byte flags = buffer[4];
            if (length > FrameBytesMax)
            {
                throw new IOException("the peer does not speak HTTP/2");
            }

            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), stop).ConfigureAwait(false);
            if (type == PingType && (flags & AckFlag) != 0)
            {
                return true;
            }

            if (type == GoAwayType)
            {
                return false;
            }
        }

        return false;
    }
}
