using System.Collections.Immutable;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>Something the application may want to react to. Ordered as the pool learnt it.</summary>
public abstract record GossipEvent;

/// <summary>A member changed; our own changes are reported as well, as Serf does.</summary>
public sealed record MemberChanged(MemberEventKind Kind, Member Member) : GossipEvent;

/// <summary>A user event that this pool has not seen before, our own included.</summary>
/// <param name="LTime">Lamport time of the event.</param>
/// <param name="Name">For example <c>consul:new-leader</c> or <c>consul:event:deploy</c>.</param>
/// <param name="Payload">The sender's bytes.</param>
/// <param name="Coalesce">The sender allows older events of this name to be skipped.</param>
public sealed record UserEventReceived(ulong LTime, string Name, ImmutableArray<byte> Payload, bool Coalesce) : GossipEvent;
