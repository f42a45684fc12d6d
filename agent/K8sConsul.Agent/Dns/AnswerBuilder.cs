using System.Globalization;
using System.Net;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>Makes records of nodes and instances for one question. Pure: what host names lead to is asked of its caller.</summary>
/// <param name="configuration">The configuration that the whole answer goes by.</param>
/// <param name="type">The type asked for.</param>
/// <param name="owner">Whose records are asked for; null: the question's name.</param>
internal sealed class AnswerBuilder(DnsConfiguration configuration, RRType type, DomainName? owner)
{
    private readonly AddressChoice.Families _families = type switch
    {
        RRType.A => AddressChoice.Families.Ipv4,
        RRType.Aaaa => AddressChoice.Families.Ipv6,
        _ => AddressChoice.Families.Any,
    };

    /// <summary>The address to show for a node: an IP address, or else a host name.</summary>
    public (IPAddress? Address, string Text) AddressOf(DnsNode node)
    {
        string text = AddressChoice.OfNode(node, _families, IsRemote(node.Datacenter));
        return (ParseAddress(text), text);
    }

    /// <summary>The address to show for an instance itself; empty text: it has none of its own.</summary>
    public (IPAddress? Address, string Text) OwnAddressOf(DnsInstance instance, string datacenter)
    {
        string text = AddressChoice.OfInstance(instance, _families, IsRemote(datacenter));
        return (ParseAddress(text), text);
    }

    /// <summary>An A or AAAA record, or none where the type asked for has no use for this family.</summary>
    public static ResourceRecord? AddressRecord(RRType type, DomainName? owner, IPAddress address, uint ttl)
    {
        RRType own = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? RRType.A : RRType.Aaaa;
        return type == own || type is RRType.Srv or RRType.Any or RRType.NS or RRType.Txt
            ? ResourceRecord.Address(owner, ttl, address)
            : null;
    }

    /// <summary>TXT records of a node's metadata, by key.</summary>
    public static IEnumerable<ResourceRecord> MetaRecords(DnsNode node, DomainName? owner, uint ttl)
        => node.Meta
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => ResourceRecord.Text(owner, ttl, NodeMetaText.Of(pair.Key, pair.Value)));

    /// <summary>The name of a node, or null when its name is none for DNS (a label too long, two dots).</summary>
    public DomainName? NodeName(DnsNode node, string datacenter)
        => DomainName.TryParse($"{node.Name}.node.{datacenter}.{configuration.Domain}", out DomainName? name) ? name : null;

    /// <summary>An instance that is shown with its node's own address: SRV leads to the node.</summary>
    public AnswerGroup? AtNode(DnsInstance instance, string datacenter, IPAddress address, uint ttl)
        => At(instance, datacenter, NodeName(instance.Node, datacenter), address, ttl);

    /// <summary>An instance that has an address of its own: SRV leads to a name that holds it.</summary>
    public AnswerGroup? AtAddress(DnsInstance instance, string datacenter, IPAddress address, uint ttl)
        => At(
            instance,
            datacenter,
            DomainName.TryParse($"{ReverseName.AddressLabel(address)}.addr.{datacenter}.{configuration.Domain}", out DomainName? name) ? name : null,
            address,
            ttl);

    /// <summary>An instance behind a host name: SRV leads to that name, other types get an alias to it.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="datacenter">Where it was looked for.</param>
    /// <param name="host">The host name.</param>
    /// <param name="behind">What the host name leads to, already with the service's time to live.</param>
    /// <param name="ttl">The service's.</param>
    public AnswerGroup AtHost(DnsInstance instance, string datacenter, DomainName host, IReadOnlyList<ResourceRecord> behind, uint ttl)
        => type == RRType.Srv
            ? new AnswerGroup([SrvRecord(instance, datacenter, host, ttl)], [.. behind, .. Meta(instance, datacenter, ttl)], IsAlias: false)
            : new AnswerGroup([ResourceRecord.Pointing(owner, RRType.CName, ttl, host), .. behind], [], IsAlias: true);

    /// <summary>What makes two SRV instances the same: only one of them is shown.</summary>
    public string SrvIdentity(DnsInstance instance, string datacenter)
    {
        bool useWan = IsRemote(datacenter);
        string address = AddressChoice.OfInstance(instance, AddressChoice.Families.Any, useWan);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{instance.Node.Name}:{address}:{AddressChoice.PortOf(instance, useWan)}");
    }

    /// <summary>Parses an IP address as Go does: IPv4 only as four decimal numbers.</summary>
    public static IPAddress? ParseAddress(string text)
    {
        // IPAddress takes "1" and "0x7f.1" for addresses too; host names they are to Consul.
        bool mayBeIpv4 = text.Count('.') == 3 && text.All(c => char.IsAsciiDigit(c) || c == '.');
        bool mayBeIpv6 = text.Contains(':', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal);
        if ((!mayBeIpv4 && !mayBeIpv6) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private AnswerGroup? At(DnsInstance instance, string datacenter, DomainName? target, IPAddress address, uint ttl)
    {
        if (type != RRType.Srv)
        {
            return AddressRecord(type, owner, address, ttl) is { } record ? new AnswerGroup([record], [], IsAlias: false) : null;
        }

        return target is null
            ? null
            : new AnswerGroup(
                [SrvRecord(instance, datacenter, target, ttl)],
                [ResourceRecord.Address(target, ttl, address), .. Meta(instance, datacenter, ttl)],
                IsAlias: false);
    }

    /// <summary>A node's metadata belongs to the node's name, whatever name the SRV record leads to.</summary>
    private IEnumerable<ResourceRecord> Meta(DnsInstance instance, string datacenter, uint ttl)
        => configuration.Options.EnableAdditionalNodeMetaTxt && NodeName(instance.Node, datacenter) is { } name
            ? MetaRecords(instance.Node, name, ttl)
            : [];

    private ResourceRecord SrvRecord(DnsInstance instance, string datacenter, DomainName target, uint ttl)
    {
        int weight = instance.Health == DnsHealth.Warning ? instance.WeightWarning : instance.WeightPassing;
        int port = AddressChoice.PortOf(instance, IsRemote(datacenter));
        return ResourceRecord.Srv(owner, ttl, priority: 1, weight: (ushort)weight, port: (ushort)port, target);
    }

    private bool IsRemote(string datacenter)
        => configuration.Options.TranslateWanAddresses
            && !string.Equals(datacenter, configuration.Options.Datacenter, StringComparison.OrdinalIgnoreCase);
}
