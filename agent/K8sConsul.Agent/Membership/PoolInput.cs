using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>Something for the owner loop to hand to the core.</summary>
internal abstract record PoolInput
{
    /// <summary>Time has come for what the core planned.</summary>
    public static readonly PoolInput WakeUp = new TimeElapsed();
}

internal sealed record TimeElapsed : PoolInput;

internal sealed record PacketArrived(byte[] Datagram, MemberAddress From, TimeSpan ReceivedAt) : PoolInput;

internal sealed record StreamRequested(StreamId Stream, MemberAddress From, byte[] Message) : PoolInput;

internal sealed record StreamReplied(StreamId Stream, byte[] Message) : PoolInput;

internal sealed record StreamFailed(StreamId Stream, string Error) : PoolInput;

/// <summary>A call from outside; it must not throw.</summary>
internal sealed record CommandGiven(Action<GossipNode, TimeSpan> Run) : PoolInput;
