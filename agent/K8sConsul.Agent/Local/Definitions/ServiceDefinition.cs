using System.Collections.Immutable;

namespace K8sConsul.Agent.Local.Definitions;

/// <summary>A service as a user defines it, in a file or through the API.</summary>
public sealed record ServiceDefinition
{
    /// <summary>Empty: the name.</summary>
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    public string Address { get; init; } = "";

    public int Port { get; init; }

    public ImmutableSortedDictionary<string, ServiceAddress> TaggedAddresses { get; init; } =
        ImmutableSortedDictionary.Create<string, ServiceAddress>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Meta { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ServiceWeights Weights { get; init; } = ServiceWeights.Default;

    public bool EnableTagOverride { get; init; }

    public string Token { get; init; } = "";

    /// <summary>In the order given; those without an id are numbered by their position.</summary>
    public ImmutableArray<CheckDefinition> Checks { get; init; } = [];

    /// <summary>Set for proxies and gateways.</summary>
    public ProxyDefinition? Proxy { get; init; }

    public bool ConnectNative { get; init; }

    /// <summary>The definition asked for <c>connect.sidecar_service</c>, which this build refuses.</summary>
    public bool HasSidecarService { get; init; }

    public string EffectiveId => Id.Length > 0 ? Id : Name;

    /// <summary>
    /// The definition as it is registered: with its id, and with the address copied into the tagged addresses of its
    /// family where they are not given. A host name is copied nowhere.
    /// </summary>
    public ServiceDefinition Normalized()
    {
        ServiceDefinition result = Id.Length > 0 ? this : this with { Id = Name };
        if (!System.Net.IPAddress.TryParse(Address, out System.Net.IPAddress? address))
        {
            return result;
        }

        // Go calls an IPv4 address in IPv6 clothes an IPv4 address.
        bool four = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        ImmutableSortedDictionary<string, ServiceAddress> tagged = result.TaggedAddresses;
        foreach (string name in four ? FourNames : SixNames)
        {
            if (!tagged.ContainsKey(name))
            {
                tagged = tagged.Add(name, new ServiceAddress(Address, Port));
            }
        }

        return result with { TaggedAddresses = tagged };
    }

    public bool Equals(ServiceDefinition? other) =>
        other is not null
        && SameInCatalog(other)
        && string.Equals(Token, other.Token, StringComparison.Ordinal)
        && HasSidecarService == other.HasSidecarService
        && Checks.AsSpan().SequenceEqual(other.Checks.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Id, Name, Kind, Address, Port);

    /// <summary>Whether the catalog would hold the same: everything but token and checks.</summary>
    public bool SameInCatalog(ServiceDefinition other) =>
        string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Kind, other.Kind, StringComparison.Ordinal)
        && string.Equals(Address, other.Address, StringComparison.Ordinal)
        && Port == other.Port
        && Weights == other.Weights
        && EnableTagOverride == other.EnableTagOverride
        && ConnectNative == other.ConnectNative
        && Tags.AsSpan().SequenceEqual(other.Tags.AsSpan())
        && Meta.SequenceEqual(other.Meta)
        && TaggedAddresses.SequenceEqual(other.TaggedAddresses)
        && Equals(Proxy ?? ProxyDefinition.Empty, other.Proxy ?? ProxyDefinition.Empty);

    private static readonly string[] FourNames = ["lan_ipv4", "wan_ipv4"];
    private static readonly string[] SixNames = ["lan_ipv6", "wan_ipv6"];
}

/// <summary>An address under a name such as <c>lan</c> or <c>wan_ipv4</c>.</summary>
public sealed record ServiceAddress(string Address, int Port);

/// <summary>Shares of DNS SRV answers while the service is passing or warning.</summary>
public sealed record ServiceWeights(int Passing, int Warning)
{
    public static readonly ServiceWeights Default = new(1, 1);
}
