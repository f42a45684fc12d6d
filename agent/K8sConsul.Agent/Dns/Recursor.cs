using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>Asks the configured recursors, one after the other, until one has an answer. Each question has a socket of its own, and so
/// a random port of the kernel's choice, which a forger would have to guess along with the ID.</summary>
internal sealed partial class Recursor(TimeProvider time, ILogger logger) : IRecursor
{
    private const int TcpLengthPrefix = 2;

    public async ValueTask<int> ForwardAsync(
        DnsConfiguration configuration,
        ReadOnlyMemory<byte> query,
        DnsTransport transport,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        foreach (EndPoint recursor in InOrder(configuration))
        {
            int length = await ExchangeAsync(recursor, configuration, query, transport, reply, cancellation).ConfigureAwait(false);
            if (length == 0)
            {
                continue;
            }

            // "No such name" is an answer; a refusal or failure is not, and somebody else may do better.
            _ = DnsHeader.TryRead(reply.Span[..length], out DnsHeader header);
            if (header.RCode is RCode.NoError or RCode.NameError)
            {
                return length;
            }

            LogRefused(logger, recursor, header.RCode);
        }

        return 0;
    }

    public async ValueTask<IReadOnlyList<ResourceRecord>> FindAddressesAsync(
        DnsConfiguration configuration,
        DomainName host,
        CancellationToken cancellation)
    {
        byte[] query = new byte[QueryWriter.LengthMax];
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        int queryLength = QueryWriter.Write(query, id, host, RRType.A, recursionDesired: true, udpSize: null);
        byte[] reply = ArrayPool<byte>.Shared.Rent(DnsLimits.MessageLengthMax);
        try
        {
            foreach (EndPoint recursor in InOrder(configuration))
            {
                int length = await ExchangeAsync(
                    recursor,
                    configuration,
                    query.AsMemory(0, queryLength),
                    DnsTransport.Udp,
                    reply,
                    cancellation).ConfigureAwait(false);
                if (length > 0 && DnsMessage.TryRead(reply.AsSpan(0, length), out DnsMessage? message))
                {
                    return message.Answers;
                }
            }

            return [];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(reply);
        }
    }

    private static IEnumerable<EndPoint> InOrder(DnsConfiguration configuration)
    {
        if (configuration.Options.RecursorStrategy == RecursorStrategy.Sequential)
        {
            return configuration.Recursors;
        }

        EndPoint[] shuffled = [.. configuration.Recursors];
        RandomNumberGenerator.Shuffle<EndPoint>(shuffled);
        return shuffled;
    }

    /// <summary>Asks one recursor.</summary>
    /// <returns>The reply's length; 0 when there was none in time, which is logged.</returns>
    private async ValueTask<int> ExchangeAsync(
        EndPoint recursor,
        DnsConfiguration configuration,
        ReadOnlyMemory<byte> query,
        DnsTransport transport,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(configuration.Options.RecursorTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return transport == DnsTransport.Udp
                ? await ExchangeUdpAsync(recursor, query, reply, either.Token).ConfigureAwait(false)
                : await ExchangeTcpAsync(recursor, query, reply, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            LogTimedOut(logger, recursor, configuration.Options.RecursorTimeout);
            return 0;
        }
        catch (Exception failure) when (failure is SocketException or EndOfStreamException)
        {
            LogFailed(logger, recursor, failure.Message);
            return 0;
        }
    }

    private static async ValueTask<int> ExchangeUdpAsync(
        EndPoint recursor,
        ReadOnlyMemory<byte> query,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        using Socket socket = OpenSocket(recursor, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(recursor, cancellation).ConfigureAwait(false);
        await socket.SendAsync(query, SocketFlags.None, cancellation).ConfigureAwait(false);
        while (true)
        {
            // Whatever is not the reply to this very question is ignored; the real one may still come.
            int length = await socket.ReceiveAsync(reply, SocketFlags.None, cancellation).ConfigureAwait(false);
            if (IsReply(query.Span, reply.Span[..length]))
            {
                return length;
            }
        }
    }

    private static async ValueTask<int> ExchangeTcpAsync(
        EndPoint recursor,
        ReadOnlyMemory<byte> query,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        using Socket socket = OpenSocket(recursor, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        await socket.ConnectAsync(recursor, cancellation).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);
        byte[] framed = new byte[TcpLengthPrefix + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed.AsMemory(TcpLengthPrefix));
        await stream.WriteAsync(framed, cancellation).ConfigureAwait(false);

        await stream.ReadExactlyAsync(framed.AsMemory(0, TcpLengthPrefix), cancellation).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadUInt16BigEndian(framed);
        await stream.ReadExactlyAsync(reply[..length], cancellation).ConfigureAwait(false);
        return IsReply(query.Span, reply.Span[..length])
            ? length
            : throw new EndOfStreamException("the reply is to another question");
    }

    /// <summary>A host name may turn out to be of either family, which takes a socket for both.</summary>
    private static Socket OpenSocket(EndPoint recursor, SocketType type, ProtocolType protocol)
        => recursor is IPEndPoint ip ? new Socket(ip.AddressFamily, type, protocol) : new Socket(type, protocol);

    /// <summary>Whether a message replies to a query: same ID, and same question unless it repeats none.</summary>
    private static bool IsReply(ReadOnlySpan<byte> query, ReadOnlySpan<byte> reply)
    {
        if (!DnsHeader.TryRead(reply, out DnsHeader header)
            || !header.IsResponse
            || header.Id != BinaryPrimitives.ReadUInt16BigEndian(query))
        {
            return false;
        }

        if (header.QuestionCount == 0)
        {
            return true;
        }

        Span<byte> askedScratch = stackalloc byte[DnsLimits.NameLengthMax];
        Span<byte> repeatedScratch = stackalloc byte[DnsLimits.NameLengthMax];
        int askedEnd = DnsLimits.HeaderLength;
        int repeatedEnd = DnsLimits.HeaderLength;
        return WireName.TryRead(query, ref askedEnd, askedScratch, out ReadOnlySpan<byte> asked)
            && WireName.TryRead(reply, ref repeatedEnd, repeatedScratch, out ReadOnlySpan<byte> repeated)
            && WireName.EqualsIgnoreCase(asked, repeated)
            && reply.Length - repeatedEnd >= 4
            && query.Length - askedEnd >= 4
            && reply.Slice(repeatedEnd, 4).SequenceEqual(query.Slice(askedEnd, 4));
    }
}
