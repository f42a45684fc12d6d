using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>What the membership layer asks of, and tells, the layer on top of it (Serf).</summary>
internal interface IMemberlistDelegate
{
    /// <summary>Whether the layer wants to judge members at all; then those without full version bytes are not taken.</summary>
    bool JudgesMembers { get; }

    /// <summary>Null to accept, otherwise the reason to ignore this alive message.</summary>
    string? RefuseAlive(in Alive alive);

    /// <summary>Null to accept, otherwise the reason to abort this join.</summary>
    string? RefuseMerge(IReadOnlyList<PushPullNode> nodes);

    void NotifyJoin(NodeRecord node);

    void NotifyUpdate(NodeRecord node);

    void NotifyLeave(NodeRecord node);

    void NotifyConflict(NodeRecord existing, in Alive other);

    void HandleUserMessage(ReadOnlySpan<byte> message);

    /// <summary>Appends broadcasts that fit; each costs <paramref name="overheadBytes"/> besides its own bytes.</summary>
    void CollectBroadcasts(int overheadBytes, int bytesMax, List<byte[]> taken);

    byte[] LocalState();

    void MergeRemoteState(ReadOnlySpan<byte> state, bool join, bool ignoreOldEvents);

    byte[] AckPayload();

    void NotifyPingComplete(NodeRecord node, TimeSpan roundTrip, byte[]? payload);
}
