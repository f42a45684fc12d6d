namespace K8sConsul.State.Records;

/// <summary>A node of the catalog. Names compare without case; the spelling given is kept.</summary>
public sealed record NodeRecord
{
    /// <summary>UUID, or empty for a node that was registered from outside without one.</summary>
    public string Id { get; init; } = string.Empty;

    public required string Node { get; init; }

    public string Address { get; init; } = string.Empty;

    public string Datacenter { get; init; } = string.Empty;

    public StringMap? TaggedAddresses { get; init; }

    public StringMap? Meta { get; init; }

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    /// <summary>Equal in all that a registration can say; indexes apart.</summary>
    public bool IsSame(NodeRecord other) =>
        string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Node, other.Node, StringComparison.Ordinal)
        && string.Equals(Address, other.Address, StringComparison.Ordinal)
        && string.Equals(Datacenter, other.Datacenter, StringComparison.Ordinal)
        && StringMap.Same(TaggedAddresses, other.TaggedAddresses)
        && StringMap.Same(Meta, other.Meta);
}
