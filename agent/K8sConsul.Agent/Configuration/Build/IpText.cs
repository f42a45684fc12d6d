using System.Globalization;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Addresses;

namespace K8sConsul.Agent.Configuration;

/// <summary>IP addresses as Go reads and judges them.</summary>
internal static class IpText
{
    /// <summary>Four decimal numbers, or IPv6 without brackets and zone. .NET alone would take <c>1</c> or <c>0x7f.1</c> too.</summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            if (text.ContainsAny('[', ']', '%') || !IPAddress.TryParse(text, out IPAddress? six))
            {
                return false;
            }

            // Go does not tell an IPv4 address from the same one mapped to IPv6.
            address = six.IsIPv4MappedToIPv6 ? six.MapToIPv4() : six;
            return true;
        }

        string[] octets = text.Split('.');
        byte[] bytes = new byte[4];
        if (octets.Length != bytes.Length)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (!byte.TryParse(octets[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        address = new IPAddress(bytes);
        return true;
    }

    public static bool IsAny(IPAddress address)
    {
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>Whether the text is an "any" address, in brackets or not.</summary>
    public static bool IsAny(string text)
    {
        return text is "[::]" || (TryParse(text, out IPAddress address) && IsAny(address));
    }

    public static bool IsFour(IPAddress address)
    {
        return address.AddressFamily == AddressFamily.InterNetwork;
    }

    /// <summary>The network of an address with a prefix length; bits beyond it do not matter.</summary>
    public static bool TryParseCidr(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(text[..slash], out IPAddress address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefixLength)
            || prefixLength > AddressBits.WidthOf(address))
        {
            return false;
        }

        network = new IPNetwork(AddressBits.NetworkOf(address, prefixLength), prefixLength);
        return true;
    }
}
