using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Agent.Dns;

/// <summary>An address cannot be listened on. The text is the one that Go, and so Consul, gives.</summary>
internal sealed class DnsListenException : Exception
{
    public DnsListenException(string network, IPEndPoint address, SocketException cause)
        : base($"listen {network} {address}: bind: {Reason(cause)}", cause)
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

    private static string Reason(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        _ => cause.Message,
    };
}
