using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using K8sConsul.Go;

namespace K8sConsul.Addresses;

/// <summary>The selectors of <c>include</c> and <c>exclude</c>.</summary>
internal static class AddressFilters
{
    /// <summary>A pattern is matched in linear time, so that no configuration hangs an agent.</summary>
    private const RegexOptions PatternOptions = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public static List<InterfaceAddress> Include(string selector, string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        return Split("include", selector, argument, addresses).Matching;
    }

    public static List<InterfaceAddress> Exclude(string selector, string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        return Split("exclude", selector, argument, addresses).Others;
    }

    public static List<InterfaceAddress> WithFlags(string flags, IReadOnlyList<InterfaceAddress> addresses)
    {
        return ByFlags(flags, addresses).Matching;
    }

    private static Parts Split(string verb, string selector, string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        return selector.ToLowerInvariant() switch
        {
            "address" => ByPattern("address", argument, addresses, address => address.ToString()),
            "flag" or "flags" => ByFlags(argument, addresses),
            "name" => ByPattern("name", argument, addresses, address => address.Name),
            "network" => ByNetworks(argument, addresses),
            "port" => ByPattern("port", argument, addresses, _ => "0"),
            "rfc" or "rfcs" => ByRfcs(argument, addresses),
            "size" => BySize(argument, addresses),
            "type" => ByTypes(argument, addresses),
            _ => throw new TemplateException($"invalid {verb} selector {GoText.Quote(selector)}"),
        };
    }

    private static Parts ByPattern(
        string what, string pattern, IReadOnlyList<InterfaceAddress> addresses, Func<InterfaceAddress, string> text)
    {
        Regex compiled;
        try
        {
            compiled = new Regex(pattern, PatternOptions, Regex.InfiniteMatchTimeout);
        }
        catch (ArgumentException mistake)
        {
            throw new TemplateException($"Unable to compile {what} regexp {GoText.Quote(pattern)}: {mistake.Message}");
        }

        return Parts.Of(addresses, address => compiled.IsMatch(text(address)));
    }

    /// <summary>An address matches with all the flags of the interface that are asked for, or with one of its own traits.</summary>
    private static Parts ByFlags(string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        InterfaceFlags wanted = InterfaceFlags.None;
        bool checkFlags = false;
        var traits = new List<Func<IPAddress, bool>>();
        foreach (string name in argument.ToLowerInvariant().Split('|'))
        {
            InterfaceFlags? flag = name switch
            {
                "broadcast" => InterfaceFlags.Broadcast,
                "down" => InterfaceFlags.None,
                "loopback" => InterfaceFlags.Loopback,
                "multicast" => InterfaceFlags.Multicast,
                "point-to-point" => InterfaceFlags.PointToPoint,
                "up" => InterfaceFlags.Up,
                _ => null,
            };
            Func<IPAddress, bool>? trait = name switch
            {
                "forwardable" => SpecialNetworks.IsForwardable,
                "global unicast" => IsGlobalUnicast,
                "interface-local multicast" => address => HasMulticastScope(address, 1),
                "link-local multicast" => address => HasMulticastScope(address, 2),
                "link-local unicast" => IsLinkLocal,
                "loopback" => IPAddress.IsLoopback,
                "multicast" => IsMulticast,
                "unspecified" => IsUnspecified,
                _ => null,
            };
            if (flag is null && trait is null)
            {
                throw new TemplateException($"Unknown interface flag: {GoText.Quote(name)}");
            }

            checkFlags |= flag is not null;
            wanted |= flag ?? InterfaceFlags.None;
            if (trait is not null)
            {
                traits.Add(trait);
            }
        }

        return Parts.Of(
            addresses,
            address => (checkFlags && (address.Flags & wanted) == wanted) || traits.Exists(trait => trait(address.Address)));
    }

    private static Parts ByNetworks(string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        var parts = new Parts([], []);
        foreach (string text in argument.Split('|'))
        {
            if (!TryParseNetwork(text, out IPNetwork network))
            {
                throw new TemplateException($"unable to create an IP address from {GoText.Quote(text)}");
            }

            parts.Add(Parts.Of(
                addresses,
                address => network.Contains(address.Address) && address.PrefixLength >= network.PrefixLength));
        }

        return parts;
    }

    private static Parts ByRfcs(string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        var parts = new Parts([], []);
        foreach (string text in argument.Split('|'))
        {
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong rfc))
            {
                throw new TemplateException($"unable to lookup RFC number {GoText.Quote(text)}: unable to parse RFC number");
            }

            if (!SpecialNetworks.TryGet(rfc, out IReadOnlyList<IPNetwork> networks))
            {
                throw new TemplateException($"unable to lookup RFC number {GoText.Quote(text)}: unsupported RFC {rfc}");
            }

            parts.Add(Parts.Of(addresses, address => networks.Any(network => network.Contains(address.Address))));
        }

        return parts;
    }

    private static Parts BySize(string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        if (!ulong.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out ulong size))
        {
            throw new TemplateException(
                $"invalid exclude size argument ({GoText.Quote(argument)}): strconv.ParseUint: parsing {GoText.Quote(argument)}: "
                + "invalid syntax");
        }

        foreach (InterfaceAddress address in addresses)
        {
            if (size > (ulong)AddressBits.WidthOf(address.Address))
            {
                string family = address.Address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
                throw new TemplateException($"mask size out of bounds for {family} address: {size}");
            }
        }

        return Parts.Of(addresses, address => (ulong)address.PrefixLength == size);
    }

    private static Parts ByTypes(string argument, IReadOnlyList<InterfaceAddress> addresses)
    {
        string[] types = argument.ToLowerInvariant().Split('|');
        foreach (string type in types)
        {
            if (type is not ("ip" or "ipv4" or "ipv6" or "unix"))
            {
                throw new TemplateException($"unsupported type {GoText.Quote(type)} {GoText.Quote(argument)}");
            }
        }

        return Parts.Of(addresses, address => Array.Exists(types, type => type switch
        {
            "ip" => true,
            "ipv4" => address.Address.AddressFamily == AddressFamily.InterNetwork,
            "ipv6" => address.Address.AddressFamily == AddressFamily.InterNetworkV6,
            _ => false,
        }));
    }

    /// <summary>A network, or an address that stands for itself.</summary>
    private static bool TryParseNetwork(string text, out IPNetwork network)
    {
        string[] parts = text.Split('/');
        network = default;
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address))
        {
            return false;
        }

        int width = AddressBits.WidthOf(address);
        int prefixLength = width;
        if (parts.Length == 2
            && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefixLength) || prefixLength > width))
        {
            return false;
        }

        network = new IPNetwork(AddressBits.NetworkOf(address, prefixLength), prefixLength);
        return true;
    }

    private static bool IsGlobalUnicast(IPAddress address)
    {
        return !address.Equals(IPAddress.Broadcast) && !IsUnspecified(address) && !IPAddress.IsLoopback(address)
            && !IsMulticast(address) && !IsLinkLocal(address);
    }

    private static bool IsUnspecified(IPAddress address)
    {
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    private static bool IsLinkLocal(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? bytes[0] == 169 && bytes[1] == 254 : address.IsIPv6LinkLocal;
    }

    private static bool IsMulticast(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
    }

    private static bool HasMulticastScope(IPAddress address, int scope)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4
            ? scope == 2 && bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0
            : bytes[0] == 0xff && (bytes[1] & 0x0f) == scope;
    }

    private sealed record Parts(List<InterfaceAddress> Matching, List<InterfaceAddress> Others)
    {
        public static Parts Of(IReadOnlyList<InterfaceAddress> addresses, Predicate<InterfaceAddress> matches)
        {
            var parts = new Parts([], []);
            foreach (InterfaceAddress address in addresses)
            {
                (matches(address) ? parts.Matching : parts.Others).Add(address);
            }

            return parts;
        }

        public void Add(Parts more)
        {
            Matching.AddRange(more.Matching);
            Others.AddRange(more.Others);
        }
    }
}
