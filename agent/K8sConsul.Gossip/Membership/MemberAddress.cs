using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Gossip;

/// <summary>
/// Where a member listens, for packets and streams alike. Addresses are compared in the byte form in which they were
/// announced: 127.0.0.1 and its v4-mapped 16-byte form are different, as they are for every Go peer.
/// </summary>
public readonly record struct MemberAddress(IPAddress Ip, ushort Port)
{
    public static MemberAddress From(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new MemberAddress(endpoint.Address, (ushort)endpoint.Port);
    }

    /// <summary>Go's text: a v4-mapped address shows as IPv4, IPv6 stands in brackets.</summary>
    public override string ToString()
    {
        IPAddress shown = Ip.IsIPv4MappedToIPv6 ? Ip.MapToIPv4() : Ip;
        return shown.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{shown}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{shown}:{Port}");
    }

    public IPEndPoint ToEndPoint() => new(Ip, Port);
}
