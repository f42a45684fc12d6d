using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Agent.Dns;

/// <summary>An address cannot be listened on. The text is the one that Go, and so Consul, gives.</summary>
internal sealed class DnsListenException(string network, IPEndPoint address, SocketException cause)
    : Exception($"listen {network} {address}: bind: {Reason(cause)}", cause)
{
    private static string Reason(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        _ => cause.Message,
    };
}
