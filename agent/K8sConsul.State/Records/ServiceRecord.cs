namespace K8sConsul.State.Records;

/// <summary>How much of the traffic an instance takes, by its health.</summary>
public readonly record struct ServiceWeights(int Passing, int Warning)
{
    public static readonly ServiceWeights Default = new(1, 1);
}

/// <summary>An address under a name such as <c>lan_ipv4</c> or <c>wan</c>.</summary>
public readonly record struct TaggedAddress(string Name, string Address, int Port);

/// <summary>An instance of a service on a node.</summary>
public sealed record ServiceRecord
{
    public required string Node { get; init; }

    public required string Id { get; init; }

    public required string Service { get; init; }

    /// <summary>Empty for an ordinary service, else <c>connect-proxy</c> and its relatives. Kept as given.</summary>
    public string Kind { get; init; } = string.Empty;

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Address { get; init; } = string.Empty;

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<TaggedAddress> TaggedAddresses { get; init; } = [];

    public StringMap? Meta { get; init; }

    public int Port { get; init; }

    public ServiceWeights Weights { get; init; } = ServiceWeights.Default;

    public bool EnableTagOverride { get; init; }

    public bool ConnectNative { get; init; }

    public ProxyRecord? Proxy { get; init; }

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    /// <summary>Equal in all that a registration can say; indexes apart.</summary>
    public bool IsSame(ServiceRecord other) =>
        string.Equals(Node, other.Node, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Service, other.Service, StringComparison.Ordinal)
        && string.Equals(Kind, other.Kind, StringComparison.Ordinal)
        && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal)
        && string.Equals(Address, other.Address, StringComparison.Ordinal)
        && TaggedAddresses.SequenceEqual(other.TaggedAddresses)
        && StringMap.Same(Meta, other.Meta)
        && Port == other.Port
        && Weights == other.Weights
        && EnableTagOverride == other.EnableTagOverride
        && ConnectNative == other.ConnectNative
        && ProxyRecord.Same(Proxy, other.Proxy);

    public bool HasTag(string tag)
    {
        foreach (string own in Tags)
        {
            if (string.Equals(own, tag, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
