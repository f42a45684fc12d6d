using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Agent.Telemetry;

/// <summary>The way of lines to a metrics daemon.</summary>
internal interface ILineTransport : IDisposable
{
    string Address { get; }

    /// <exception cref="SocketException">They may not have arrived, or not all of them.</exception>
    ValueTask SendAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken);
}

/// <summary>Over UDP. Nobody hears of what is lost.</summary>
/// <param name="packsLines">Many lines travel in one packet; otherwise each alone and without its line end.</param>
internal sealed class UdpLineTransport(string address, bool packsLines) : ILineTransport
{
    /// <summary>Fits an Ethernet frame, as statsd advises and Consul does.</summary>
    private const int PacketBytesMax = 1400;

    private Socket? _socket;

    public string Address => address;

    public async ValueTask SendAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        _socket ??= await LineSocket.ConnectAsync(address, ProtocolType.Udp, cancellationToken).ConfigureAwait(false);
        var packet = new List<byte>(PacketBytesMax);
        foreach (string line in lines)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(packsLines ? line : line.TrimEnd('\n'));
            if (packet.Count > 0 && (!packsLines || packet.Count + bytes.Length > PacketBytesMax))
            {
                await _socket.SendAsync(packet.ToArray(), cancellationToken).ConfigureAwait(false);
                packet.Clear();
            }

            packet.AddRange(bytes);
        }

        await _socket.SendAsync(packet.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _socket?.Dispose();
}

/// <summary>Over one TCP connection, which is made anew when it has broken.</summary>
internal sealed class TcpLineTransport(string address) : ILineTransport
{
    private Socket? _socket;

    public string Address => address;

    public async ValueTask SendAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            _socket ??= await LineSocket.ConnectAsync(address, ProtocolType.Tcp, cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(string.Concat(lines));
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (SocketException)
        {
            _socket?.Dispose();
            _socket = null;
            throw;
        }
    }

    public void Dispose() => _socket?.Dispose();
}

internal static class LineSocket
{
    /// <summary>RFC 1035 §2.3.4.</summary>
    private const int HostLengthMax = 255;

    /// <param name="address">host:port, the host being a name or an address.</param>
    public static async ValueTask<Socket> ConnectAsync(string address, ProtocolType protocol, CancellationToken cancellationToken)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), out ushort port))
        {
            throw new SocketException((int)SocketError.AddressNotAvailable, $"address {address}: missing port in address");
        }

        string host = address[..colon].Trim('[', ']') is { Length: > 0 } named ? named : "127.0.0.1";
        if (host.Length > HostLengthMax)
        {
            throw new SocketException((int)SocketError.HostNotFound, $"address {address}: no such host");
        }

        IPAddress[] hosts = await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(hosts[0].AddressFamily, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        try
        {
            await socket.ConnectAsync(hosts[0], port, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
