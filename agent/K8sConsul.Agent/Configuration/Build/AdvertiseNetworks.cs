using System.Net;

namespace K8sConsul.Agent.Configuration;

/// <summary>Which addresses an agent takes by itself when it is bound to all of them.</summary>
internal static class AdvertiseNetworks
{
    private static readonly IPNetwork[] _private =
    [
        // Private, shared, link-local, loopback, IANA's own and documentation addresses, of both families.
        .. new[]
        {
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.168.0.0/16", "::1/128", "fe80::/10", "fc00::/7", "fec0::/10", "2001:db8::/32",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    public static bool IsPrivate(IPAddress address)
    {
        return Array.Exists(_private, network => network.Contains(address));
    }
}
