namespace K8sConsul.Agent.Dns;

/// <summary>
/// Which of its addresses a node or service is shown with: its plain one, unless a tagged one suits the type asked for better, or the
/// asker is in another datacenter and <c>translate_wan_addrs</c> is on.
/// </summary>
internal static class AddressChoice
{
    /// <summary>The families of addresses that a question has use for.</summary>
    [Flags]
    public enum Families
    {
        Ipv4 = 1,
        Ipv6 = 2,
        Any = Ipv4 | Ipv6,
    }

    public static string OfNode(DnsNode node, Families families, bool useWan)
    {
        IReadOnlyDictionary<string, string> tagged = node.TaggedAddresses;
        return Choose(
            families,
            useWan && tagged.TryGetValue("wan", out string? wan) ? wan : node.Address,
            Pick(tagged, "lan_ipv4", "wan_ipv4", useWan),
            Pick(tagged, "lan_ipv6", "wan_ipv6", useWan));
    }

    public static string OfInstance(DnsInstance instance, Families families, bool useWan)
    {
        IReadOnlyDictionary<string, DnsServiceAddress> tagged = instance.TaggedAddresses;
        return Choose(
            families,
            useWan && tagged.TryGetValue("wan", out DnsServiceAddress wan) ? wan.Address : instance.Address,
            Pick(tagged, "lan_ipv4", "wan_ipv4", useWan),
            Pick(tagged, "lan_ipv6", "wan_ipv6", useWan));
    }

    public static int PortOf(DnsInstance instance, bool useWan)
        => useWan && instance.TaggedAddresses.TryGetValue("wan", out DnsServiceAddress wan) && wan.Port != 0 ? wan.Port : instance.Port;

    private static string Choose(Families families, string plain, string ipv4, string ipv6)
    {
        if (families.HasFlag(Families.Ipv6) && ipv6.Length > 0)
        {
            return ipv6;
        }

        return families.HasFlag(Families.Ipv4) && ipv4.Length > 0 ? ipv4 : plain;
    }

    private static string Pick(IReadOnlyDictionary<string, string> tagged, string lan, string wan, bool useWan)
        => useWan && tagged.TryGetValue(wan, out string? remote) ? remote : tagged.GetValueOrDefault(lan) ?? "";

    private static string Pick(IReadOnlyDictionary<string, DnsServiceAddress> tagged, string lan, string wan, bool useWan)
        => (useWan && tagged.TryGetValue(wan, out DnsServiceAddress remote) ? remote : tagged.GetValueOrDefault(lan)).Address ?? "";
}
