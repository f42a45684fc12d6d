using System.Net;
using System.Net.Sockets;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Dns;

/// <summary>An address cannot be listened on. The text is the one that Go, and so Consul, gives.</summary>
internal sealed class DnsListenException : Exception
{
    public DnsListenException(string network, IPEndPoint address, SocketException cause)
        : base(GoNetError.Listen(network, address, cause.SocketErrorCode), cause)
    {
        Reasons = [Message];
    }

    /// <summary>Neither of an address's two ports can be had.</summary>
    public DnsListenException(DnsListenException udp, DnsListenException tcp)
        : base(udp.Message, udp)
    {
        Reasons = [udp.Message, tcp.Message];
    }

    public IReadOnlyList<string> Reasons { get; }
}
