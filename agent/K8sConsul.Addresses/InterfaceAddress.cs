using System.Globalization;
using System.Net;

namespace K8sConsul.Addresses;

/// <summary>The flags of a network interface, with the kernel's values.</summary>
[Flags]
public enum InterfaceFlags
{
    None = 0,
    Up = 0x1,
    Broadcast = 0x2,
    Loopback = 0x8,
    PointToPoint = 0x10,
    Multicast = 0x1000,
}

/// <summary>One address of one interface; an interface with several appears several times.</summary>
public sealed record InterfaceAddress(string Name, InterfaceFlags Flags, IPAddress Address, int PrefixLength)
{
    internal IPNetwork Network => new(AddressBits.NetworkOf(Address, PrefixLength), PrefixLength);

    public override string ToString()
    {
        return string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
    }
}

/// <summary>The network interfaces of this machine.</summary>
public interface INetworkInterfaces
{
    /// <summary>By index of interface; of each the IPv4 addresses first.</summary>
    IReadOnlyList<InterfaceAddress> Addresses();

    /// <summary>The interface of the IPv4 default route; null without one.</summary>
    string? DefaultInterface();
}
