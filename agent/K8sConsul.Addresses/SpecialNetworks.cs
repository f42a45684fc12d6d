using System.Net;

namespace K8sConsul.Addresses;

/// <summary>The networks that RFCs set apart, by the number of the RFC, as go-sockaddr's <c>rfc</c> selector knows them.</summary>
internal static class SpecialNetworks
{
    private static readonly SortedDictionary<uint, IPNetwork[]> _byRfc = new()
    {
        [919] = Parse("255.255.255.255/32"),
        [1112] = Parse("224.0.0.0/4"),
        [1122] = Parse("0.0.0.0/8 127.0.0.0/8"),
        [1918] = Parse("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"),
        [2544] = Parse("198.18.0.0/15"),
        [2765] = Parse("::ffff:0:0/96"),
        [2928] = Parse("2001::/16"),
        [3056] = Parse("2002::/16"),
        [3068] = Parse("192.88.99.0/24 2002:c058:6301::/120"),
        [3171] = Parse("224.0.0.0/4"),
        [3330] = Parse(
            "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 "
            + "198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"),
        [3849] = Parse("2001:db8::/32"),
        [3927] = Parse("169.254.0.0/16"),
        [4038] = Parse("::ffff:0:0/96"),
        [4193] = Parse("fc00::/7"),
        [4291] = Parse("::/128 ::1/128 ::/96 ::ffff:0:0/96 fe80::/10 fec0::/10 ff00::/8"),
        [4380] = Parse("2001::/32"),
        [4773] = Parse("2001::/23"),
        [4843] = Parse("2001:10::/28"),
        [5180] = Parse("2001:200::/48"),
        [5735] = Parse("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15"),
        [5737] = Parse("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24"),
        [6052] = Parse("64:ff9b::/96"),
        [6333] = Parse("192.0.0.0/29"),
        [6598] = Parse("100.64.0.0/10"),
        [6666] = Parse("100::/64"),
        [6890] = Parse(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 192.0.2.0/24 "
            + "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 "
            + "::1/128 ::/128 64:ff9b::/96 ::ffff:0:0/96 100::/64 2001::/16 2002::/16 fc00::/7 fe80::/10"),
        [7335] = Parse("192.0.0.0/29"),
    };

    /// <summary>RFC 6890's blocks that no router forwards.</summary>
    private static readonly IPNetwork[] _notForwarded = Parse(
        "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
        + "255.255.255.255/32 ::1/128 ::/128 ::ffff:0:0/96 2001:db8::/32 2001:10::/28 fe80::/10");

    public static bool IsForwardable(IPAddress address)
    {
        return !Array.Exists(_notForwarded, network => network.Contains(address));
    }

    /// <summary>RFC 6890 in whole: private, shared, documentation and local addresses.</summary>
    public static bool IsSpecial(IPAddress address)
    {
        return Array.Exists(_byRfc[6890], network => network.Contains(address));
    }

    public static bool TryGet(ulong rfc, out IReadOnlyList<IPNetwork> networks)
    {
        IPNetwork[]? found = null;
        bool known = rfc <= uint.MaxValue && _byRfc.TryGetValue((uint)rfc, out found);
        networks = found ?? [];
        return known;
    }

    private static IPNetwork[] Parse(string networks)
    {
        return [.. networks.Split(' ').Select(network => IPNetwork.Parse(network))];
    }
}
