using System.Collections.Immutable;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>What readers of a pool see: one moment of the core, made by the owner loop.</summary>
internal sealed record PublishedView(
    MemberList Members, GossipStats Stats, Coordinate Coordinate, ImmutableDictionary<string, Coordinate> CachedCoordinates)
{
    public static readonly PublishedView Empty = new(
        MemberList.Empty, new GossipStats(), Coordinate.Initial, ImmutableDictionary<string, Coordinate>.Empty);
}
