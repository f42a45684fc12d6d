using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Dns;

/// <summary>Names that hold addresses: <c>…in-addr.arpa</c> (RFC 1035 §3.5), <c>…ip6.arpa</c> (RFC 3596 §2.5), and Consul's <c>addr</c> labels.</summary>
public static class ReverseName
{
    private const int Ipv4Labels = 4;
    private const int Ipv6Labels = 32;

    /// <summary>Reads the address that a reverse name asks about.</summary>
    /// <param name="labels">The labels left of <c>in-addr.arpa</c> or <c>ip6.arpa</c> and those two, in lower case.</param>
    /// <returns>Null unless the name is a whole address in its canonical form.</returns>
    public static IPAddress? ToAddress(ReadOnlySpan<string> labels)
    {
        return labels switch
        {
            [.. var octets, "in-addr", "arpa"] when octets.Length == Ipv4Labels => ToIpv4(octets),
            [.. var nibbles, "ip6", "arpa"] when nibbles.Length == Ipv6Labels => ToIpv6(nibbles),
            _ => null,
        };
    }

    /// <summary>The reverse name of an address, with its last dot.</summary>
    public static string Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] octets = address.GetAddressBytes();
        Array.Reverse(octets);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', octets) + ".in-addr.arpa."
            : string.Concat(octets.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o & 0xf:x}.{o >> 4:x}."))) + "ip6.arpa.";
    }

    /// <summary>The label that stands for an address below <c>addr</c>: its octets in hexadecimal.</summary>
    public static string AddressLabel(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Convert.ToHexStringLower(address.GetAddressBytes());
    }

    /// <summary>Reads such a label: 8 digits for IPv4, 32 for IPv6, either case.</summary>
    public static IPAddress? FromAddressLabel(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (label.Length is not (8 or 32) || !label.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        return new IPAddress(Convert.FromHexString(label));
    }

    private static IPAddress? ToIpv4(ReadOnlySpan<string> labels)
    {
        Span<byte> octets = stackalloc byte[Ipv4Labels];
        for (int i = 0; i < Ipv4Labels; i++)
        {
            string label = labels[Ipv4Labels - 1 - i];
            if (!byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out octets[i])
                || (label.Length > 1 && label[0] == '0'))
            {
                return null;
            }
        }

        return new IPAddress(octets);
    }

    private static IPAddress? ToIpv6(ReadOnlySpan<string> labels)
    {
        Span<char> digits = stackalloc char[Ipv6Labels];
        for (int i = 0; i < Ipv6Labels; i++)
        {
            string label = labels[Ipv6Labels - 1 - i];
            if (label.Length != 1 || !char.IsAsciiHexDigit(label[0]))
            {
                return null;
            }

            digits[i] = label[0];
        }

        return new IPAddress(Convert.FromHexString(digits));
    }
}
