using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>Listens for DNS queries, UDP and TCP, on every address given.</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int SoReusePort = 15;
    private const int TcpBacklog = 128;

    // Some hundreds of queries may arrive while a thread is not scheduled. The kernel takes what its own limit allows of this.
    private const int ReceiveBufferSize = 1 << 20;

    private readonly List<UdpListener> _udp = [];
    private readonly List<TcpListenerLoop> _tcp = [];
    private readonly List<IPEndPoint> _addresses = [];
    private bool _isStopped;

    private DnsServer()
    {
    }

    /// <summary>What is listened on; a port given as 0 has become a free one.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => _addresses;

    /// <summary>Binds every address, then begins to answer.</summary>
    /// <param name="addresses">Consul's <c>client_addr</c> or <c>addresses.dns</c> with <c>ports.dns</c>.</param>
    /// <param name="responder">Who answers.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="time">For time-outs of connections.</param>
    /// <param name="seed">Of the random order of answers.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="DnsListenException">An address cannot be bound; nothing is left open.</exception>
    public static DnsServer Start(
        IReadOnlyList<IPEndPoint> addresses,
        DnsResponder responder,
        DnsServerLimits limits,
        TimeProvider time,
        ulong seed,
        ILogger logger)
    {
        var server = new DnsServer();
        var pendings = new PendingReplyPool(limits.PendingMax, seed);
        try
        {
            foreach (IPEndPoint wanted in addresses)
            {
                (List<Socket> udp, Socket tcp, IPEndPoint address) = BindBoth(wanted, limits);
                foreach (Socket socket in udp)
                {
                    server._udp.Add(UdpListener.Create(socket, responder, pendings, seed + (ulong)server._udp.Count, logger));
                }

                server._tcp.Add(new TcpListenerLoop(tcp, responder, pendings, limits, time, logger));
                server._addresses.Add(address);
            }
        }
        catch (DnsListenException)
        {
            server._udp.ForEach(listener => listener.Dispose());
            server._tcp.ForEach(listener => listener.Dispose());
            throw;
        }

        server._udp.ForEach(listener => listener.Start());
        server._tcp.ForEach(listener => listener.Start());
        return server;
    }

    /// <summary>Stops answering; when this completes no thread, task or socket is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await Task.WhenAll([.. _udp.Select(listener => listener.StopAsync()), .. _tcp.Select(listener => listener.StopAsync())]).ConfigureAwait(false);
        _udp.ForEach(listener => listener.Dispose());
        _tcp.ForEach(listener => listener.Dispose());
    }

    private static (List<Socket> Udp, Socket Tcp, IPEndPoint Address) BindBoth(IPEndPoint wanted, DnsServerLimits limits)
    {
        // A free UDP port, when any will do, may be taken for TCP.
        const int AttemptsMax = 20;
        for (int attempt = 1; ; attempt++)
        {
            (List<Socket> udp, IPEndPoint address) = BindUdpOrTellBoth(wanted, limits);
            try
            {
                return (udp, BindTcp(address), address);
            }
            catch (DnsListenException)
            {
                udp.ForEach(socket => socket.Dispose());
                if (wanted.Port != 0 || attempt == AttemptsMax)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>An operator who frees the one port shall not learn only then about the other.</summary>
    private static (List<Socket> Sockets, IPEndPoint Address) BindUdpOrTellBoth(IPEndPoint wanted, DnsServerLimits limits)
    {
        try
        {
            return BindUdp(wanted, limits);
        }
        catch (DnsListenException udp)
        {
            try
            {
                BindTcp(wanted).Dispose();
            }
            catch (DnsListenException tcp)
            {
                throw new DnsListenException(udp, tcp);
            }

            throw;
        }
    }

    private static (List<Socket> Sockets, IPEndPoint Address) BindUdp(IPEndPoint wanted, DnsServerLimits limits)
    {
        // The first socket claims the port alone, so that a second agent on it is refused. Only then is it opened to our others,
        // and closed again behind them.
        var sockets = new List<Socket>();
        int count = OperatingSystem.IsLinux() ? limits.UdpSocketsEffective : 1;
        IPEndPoint address = wanted;
        try
        {
            for (int i = 0; i < count; i++)
            {
                var socket = new Socket(wanted.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                sockets.Add(socket);
                if (i > 0)
                {
                    ShareAll(sockets, isShared: true);
                }

                AskForLocalAddress(socket, wanted.Address);
                socket.ReceiveBufferSize = ReceiveBufferSize;
                socket.Bind(address);
                address = (IPEndPoint)socket.LocalEndPoint!;
            }

            if (count > 1)
            {
                ShareAll(sockets, isShared: false);
            }

            return (sockets, address);
        }
        catch (SocketException failure)
        {
            sockets.ForEach(socket => socket.Dispose());
            throw new DnsListenException("udp", wanted, failure);
        }
    }

    private static void ShareAll(List<Socket> sockets, bool isShared)
    {
        foreach (Socket socket in sockets)
        {
            int value = isShared ? 1 : 0;
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(value));
        }
    }

    /// <summary>A socket on all addresses must know which one was asked, to answer from the same.</summary>
    private static void AskForLocalAddress(Socket socket, IPAddress address)
    {
        if (address.Equals(IPAddress.Any))
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
        }
        else if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, true);
        }
    }

    private static Socket BindTcp(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(address);
            socket.Listen(TcpBacklog);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new DnsListenException("tcp", address, failure);
        }
    }
}
