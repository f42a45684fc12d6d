using System.Collections.Immutable;
using System.Net;

namespace K8sConsul.Gossip;

/// <summary>One participant of a gossip pool as Serf sees it. Immutable: a change makes a new value.</summary>
/// <remarks>The protocol numbers are what Consul's <c>/v1/agent/members</c> shows as ProtocolMin, DelegateCur and so on.</remarks>
public sealed record Member
{
    /// <summary>Unique in the pool; <c>node.datacenter</c> in the WAN pool.</summary>
    public required string Name { get; init; }

    /// <summary>The advertised address, kept in the length (4 or 16 bytes) in which the member announced it.</summary>
    public required MemberAddress Address { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = GossipTags.Empty;

    public MemberStatus Status { get; init; }

    public byte ProtocolMin { get; init; }

    public byte ProtocolMax { get; init; }

    public byte ProtocolCur { get; init; }

    public byte DelegateMin { get; init; }

    public byte DelegateMax { get; init; }

    public byte DelegateCur { get; init; }

    public IPAddress Ip => Address.Ip;

    public ushort Port => Address.Port;

    /// <summary>The tag's text, or empty when the member does not carry it, as Serf reads a missing tag.</summary>
    public string Tag(string name) => Tags.GetValueOrDefault(name, string.Empty);
}
