using System.Net;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>What memberlist knows about one member. Serf keeps its own, longer memory beside it.</summary>
internal sealed class NodeRecord
{
    public required string Name { get; init; }

    /// <summary>As announced, 4 or 16 bytes; compared and passed on unchanged.</summary>
    public required byte[] Addr { get; set; }

    public required ushort Port { get; set; }

    public byte[]? Meta { get; set; }

    /// <summary>pmin, pmax, pcur, dmin, dmax, dcur.</summary>
    public byte[] Vsn { get; set; } = new byte[WireLimits.VersionBytes];

    /// <summary>Only the member itself raises it, to refute what others say.</summary>
    public uint Incarnation { get; set; }

    public NodeState State { get; set; } = NodeState.Dead;

    /// <summary>When <see cref="State"/> last changed.</summary>
    public TimeSpan StateChange { get; set; }

    /// <summary>Running while the member is suspect.</summary>
    public SuspicionTimer? Suspicion { get; set; }

    public bool IsDeadOrLeft => State is NodeState.Dead or NodeState.Left;

    public byte ProtocolMax => Vsn[1];

    public MemberAddress Address => new(new IPAddress(Addr), Port);

    public bool HasAddress(byte[] addr, ushort port) => Port == port && Addr.AsSpan().SequenceEqual(addr);
}
