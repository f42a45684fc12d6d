using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using K8sConsul.Go;

namespace K8sConsul.Addresses;

/// <summary>The attributes of <c>attr</c>, <c>join</c> and <c>unique</c>, and the operations of <c>math</c>.</summary>
internal static class AddressAttributes
{
    /// <summary>The attribute's text; empty for one that exists but not for this family.</summary>
    public static string Of(string name, InterfaceAddress address)
    {
        string attribute = name.ToLowerInvariant();
        bool isFour = address.Address.AddressFamily == AddressFamily.InterNetwork;
        int width = AddressBits.WidthOf(address.Address);
        IPAddress network = AddressBits.NetworkOf(address.Address, address.PrefixLength);
        IPAddress last = AddressBits.LastOf(address.Address, address.PrefixLength);
        switch (attribute)
        {
            case "name":
                return address.Name;
            case "flags":
                return Flags(address.Flags);
            case "type":
                return isFour ? "IPv4" : "IPv6";
            case "string":
                return address.PrefixLength == width ? address.Address.ToString() : address.ToString();
            case "host" or "address":
                return address.Address.ToString();
            case "port":
                return "0";
            case "network":
                return network.ToString();
            case "netmask":
                return AddressBits.FromNumber(AddressBits.Mask(address.PrefixLength, width), width).ToString();
            case "mask_bits":
                return address.PrefixLength.ToString(CultureInfo.InvariantCulture);
            case "size":
                return (BigInteger.One << (width - address.PrefixLength)).ToString(CultureInfo.InvariantCulture);
            case "first_usable":
                return Usable(network, 1, address.PrefixLength, width).ToString();
            case "last_usable":
                return (isFour ? Usable(last, -1, address.PrefixLength, width) : last).ToString();
            case "octets":
                return $"[{string.Join(' ', address.Address.GetAddressBytes())}]";
            case "binary":
                return string.Concat(address.Address.GetAddressBytes()
                    .Select(octet => octet.ToString("b8", CultureInfo.InvariantCulture)));
            case "hex":
                return Convert.ToHexStringLower(address.Address.GetAddressBytes());
            case "broadcast":
                return isFour ? last.ToString() : string.Empty;
            case "uint32":
                return isFour ? AddressBits.ToNumber(address.Address).ToString(CultureInfo.InvariantCulture) : string.Empty;
            case "uint128":
                return isFour ? string.Empty : AddressBits.ToNumber(address.Address).ToString(CultureInfo.InvariantCulture);
            default:
                throw new TemplateException($"unsupported attribute name {GoText.Quote(name)}");
        }
    }

    /// <summary>Moves every address: <c>address</c> by a number, <c>network</c> from its network's start or end, <c>mask</c> to a network.</summary>
    public static List<InterfaceAddress> Compute(string operation, string value, IReadOnlyList<InterfaceAddress> addresses)
    {
        return [.. addresses.Select(address => Compute(operation, value, address))];
    }

    private static InterfaceAddress Compute(string operation, string value, InterfaceAddress address)
    {
        int width = AddressBits.WidthOf(address.Address);
        string kind = operation.ToLowerInvariant();
        switch (kind)
        {
            case "address" or "network":
                Int128 offset = ParseOffset(operation, value);
                UInt128 hosts = ~AddressBits.Mask(address.PrefixLength, width);
                UInt128 moved = kind is "address"
                    ? unchecked(AddressBits.ToNumber(address.Address) + (UInt128)offset)
                    : AddressBits.ToNumber(AddressBits.NetworkOf(address.Address, address.PrefixLength))
                        + (unchecked((UInt128)offset) & hosts);
                return address with { Address = AddressBits.FromNumber(moved, width) };
            case "mask":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int prefixLength) || prefixLength > width)
                {
                    throw new TemplateException($"parameter for operation {GoText.Quote(operation)} must be between 0 and {width}");
                }

                return address with
                {
                    Address = AddressBits.NetworkOf(address.Address, prefixLength),
                    PrefixLength = Math.Min(prefixLength, address.PrefixLength),
                };
            default:
                throw new TemplateException($"unsupported math operation: {GoText.Quote(operation)}");
        }
    }

    private static Int128 ParseOffset(string operation, string value)
    {
        string trimmed = value.TrimStart();
        if (trimmed.Length == 0 || trimmed[0] is not ('+' or '-'))
        {
            throw new TemplateException($"sign (+/-) is required for operation {GoText.Quote(operation)}");
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : throw new TemplateException($"unable to convert {GoText.Quote(value)} to int for operation {GoText.Quote(operation)}");
    }

    /// <summary>The two smallest networks have no addresses to set apart.</summary>
    private static IPAddress Usable(IPAddress end, int step, int prefixLength, int width)
    {
        return width - prefixLength < 2 || width == 128
            ? end
            : AddressBits.FromNumber(unchecked(AddressBits.ToNumber(end) + (UInt128)(Int128)step), width);
    }

    private static string Flags(InterfaceFlags flags)
    {
        (InterfaceFlags Flag, string Name)[] names =
        [
            (InterfaceFlags.Up, "up"), (InterfaceFlags.Broadcast, "broadcast"), (InterfaceFlags.Loopback, "loopback"),
            (InterfaceFlags.PointToPoint, "pointtopoint"), (InterfaceFlags.Multicast, "multicast"),
        ];
        string text = string.Join('|', names.Where(name => flags.HasFlag(name.Flag)).Select(name => name.Name));
        return text.Length == 0 ? "0" : text;
    }
}
