using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>A DNS server on the loopback that answers by script, on UDP and TCP of one port. Null from the script: no answer.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly Func<DnsTransport, byte[], byte[]?> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _running;

    public FakeUpstream(Func<DnsTransport, byte[], byte[]?> script)
    {
        _script = script;
        _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp.Listen();
        EndPoint = (IPEndPoint)_tcp.LocalEndPoint!;
        _udp.Bind(EndPoint);
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint EndPoint { get; }

    public string Address => EndPoint.ToString();

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<(DnsTransport Transport, byte[] Query)> Asked { get; } = new();

    /// <summary>The reply to a query with these records, authoritative for nothing.</summary>
    public static byte[] Reply(byte[] query, RCode rcode, params ResourceRecord[] answers)
    {
        _ = DnsQuery.Read(query, new byte[DnsLimits.NameLengthMax], out DnsQuery read);
        var response = new DnsResponse();
        response.Reset();
        response.RCode = rcode;
        response.RecursionAvailable = true;
        Array.ForEach(answers, response.Answers.Add);
        byte[] reply = new byte[DnsLimits.MessageLengthMax];
        return reply[..response.Write(in read, reply)];
    }

    public static string NameOf(byte[] query)
    {
        _ = DnsQuery.Read(query, new byte[DnsLimits.NameLengthMax], out DnsQuery read);
        return DomainName.FromWire(read.Name).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_running.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _running;
        _stop.Dispose();
    }

    private byte[]? Ask(DnsTransport transport, byte[] query)
    {
        Asked.Enqueue((transport, query));
        return _script(transport, query);
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[65_535];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, EndPoint, _stop.Token);
                if (Ask(DnsTransport.Udp, buffer[..received.ReceivedBytes]) is { } reply)
                {
                    await _udp.SendToAsync(reply, received.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using Socket connection = await _tcp.AcceptAsync(_stop.Token);
                using var stream = new NetworkStream(connection);
                byte[] prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix, _stop.Token);
                byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(query, _stop.Token);
                if (Ask(DnsTransport.Tcp, query) is { } reply)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)reply.Length);
                    await stream.WriteAsync(prefix, _stop.Token);
                    await stream.WriteAsync(reply, _stop.Token);
                }
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }
}
