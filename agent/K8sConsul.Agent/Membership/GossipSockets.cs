using System.Net;
using System.Net.Sockets;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>The UDP socket and the TCP listener of a pool, on one port.</summary>
internal sealed class GossipSockets : IDisposable
{
    /// <summary>Bursts of gossip are larger than the kernel's default; halved until the kernel allows it.</summary>
    private const int ReceiveBufferBytesWanted = 2 * 1024 * 1024;

    private const int ReceiveBufferBytesMin = 64 * 1024;

    private const int ListenBacklog = 512;

    /// <summary>A free TCP port may be taken for UDP; memberlist tries as often.</summary>
    private const int AnyPortTries = 10;

    private GossipSockets(Socket udp, Socket tcp, ushort port)
    {
        (Udp, Tcp, Port) = (udp, tcp, port);
    }

    public Socket Udp { get; }

    public Socket Tcp { get; }

    public ushort Port { get; }

    /// <summary>Takes the port for both protocols.</summary>
    /// <exception cref="GossipStartException">With memberlist's text.</exception>
    public static GossipSockets Bind(IPAddress address, ushort port)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket tcp = ListenTcp(address, port);
            ushort bound = (ushort)((IPEndPoint)tcp.LocalEndPoint!).Port;
            try
            {
                return new GossipSockets(BindUdp(address, bound), tcp, bound);
            }
            catch (GossipStartException) when (port == 0 && attempt < AnyPortTries)
            {
                tcp.Dispose();
            }
            catch (GossipStartException)
            {
                tcp.Dispose();
                throw;
            }
        }
    }

    /// <summary>The form of an address that our sockets can send to: IPv4 inside IPv6 on a dual-mode socket, and the other way round.</summary>
    public IPEndPoint Reach(MemberAddress to)
    {
        IPAddress ip = to.Ip;
        if (Udp.AddressFamily == AddressFamily.InterNetworkV6 && ip.AddressFamily == AddressFamily.InterNetwork)
        {
            ip = ip.MapToIPv6();
        }
        else if (Udp.AddressFamily == AddressFamily.InterNetwork && ip.IsIPv4MappedToIPv6)
        {
            ip = ip.MapToIPv4();
        }

        return new IPEndPoint(ip, to.Port);
    }

    /// <summary>A peer's address as the rest of us compares it: IPv4 in 4 bytes.</summary>
    public static MemberAddress Normalise(EndPoint endpoint)
    {
        var ip = (IPEndPoint)endpoint;
        return new MemberAddress(ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address, (ushort)ip.Port);
    }

    public void Dispose()
    {
        Tcp.Dispose();
        Udp.Dispose();
    }

    private static Socket ListenTcp(IPAddress address, ushort port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            AllowBothFamilies(socket, address);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(ListenBacklog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Failed("TCP", "tcp", address, port, e);
        }
    }

    private static Socket BindUdp(IPAddress address, ushort port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            AllowBothFamilies(socket, address);
            socket.Bind(new IPEndPoint(address, port));
            EnlargeReceiveBuffer(socket);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Failed("UDP", "udp", address, port, e);
        }
    }

    private static void AllowBothFamilies(Socket socket, IPAddress address)
    {
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }
    }

    private static void EnlargeReceiveBuffer(Socket socket)
    {
        for (int bytes = ReceiveBufferBytesWanted; bytes >= ReceiveBufferBytesMin; bytes /= 2)
        {
            try
            {
                socket.ReceiveBufferSize = bytes;
                return;
            }
            catch (SocketException)
            {
                // Not allowed that much: half of it may be. The default works as well, only less well under bursts.
            }
        }
    }

    private static GossipStartException Failed(string protocol, string network, IPAddress address, ushort port, SocketException e) => new(
        $"Failed to create memberlist: Could not set up network transport: failed to obtain an address: Failed to start {protocol} listener on \"{address}\" port {port}: {GoNetworkText.Listen(network, new IPEndPoint(address, port), e)}",
        e);
}
