using System.Net;
using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>Where memberlist's news enters Serf.</summary>
public sealed partial class GossipNode
{
    private sealed class MemberlistDelegate(GossipNode node) : IMemberlistDelegate
    {
        public bool JudgesMembers => node._self.MergeRule is not null;

        public string? RefuseAlive(in Alive alive) => node._self.MergeRule!(
            [node.Describe(alive.Node, alive.Addr, alive.Port, alive.Meta, alive.Vsn, MemberStatus.None)]);

        public string? RefuseMerge(IReadOnlyList<PushPullNode> nodes)
        {
            var members = new List<Member>(nodes.Count);
            foreach (PushPullNode other in nodes)
            {
                if (other.Addr.Length == 0)
                {
                    return $"Member '{other.Name}' has no address";
                }

                MemberStatus status = other.State == NodeState.Left ? MemberStatus.Left : MemberStatus.None;
                members.Add(node.Describe(other.Name, other.Addr, other.Port, other.Meta, other.Vsn, status));
            }

            return node._self.MergeRule!(members);
        }

        public void NotifyJoin(NodeRecord record) => node.MemberJoined(record);

        public void NotifyUpdate(NodeRecord record) => node.MemberUpdated(record);

        public void NotifyLeave(NodeRecord record) => node.MemberGone(record);

        public void NotifyConflict(NodeRecord existing, in Alive other) => node.NameConflict(existing, other);

        public void HandleUserMessage(ReadOnlySpan<byte> message) => node.HandleSerfMessage(message);

        public void CollectBroadcasts(int overheadBytes, int bytesMax, List<byte[]> taken)
        {
            int left = bytesMax - node._intents.Take(overheadBytes, bytesMax, taken);
            left -= node._queries.Take(overheadBytes, left, taken);
            node._events.Take(overheadBytes, left, taken);
        }

        public byte[] LocalState() => node.LocalSerfState();

        public void MergeRemoteState(ReadOnlySpan<byte> state, bool join, bool ignoreOldEvents) =>
            node.MergeSerfState(state, join, ignoreOldEvents);

        public byte[] AckPayload() => CoordinateCodec.Encode(node._coordinates.Current);

        public void NotifyPingComplete(NodeRecord record, TimeSpan roundTrip, byte[]? payload) =>
            node.LearnCoordinate(record.Name, roundTrip, payload);
    }

    private Member Describe(string name, byte[] addr, ushort port, byte[]? meta, byte[] vsn, MemberStatus status)
    {
        var member = new Member
        {
            Name = name,
            Address = new MemberAddress(new IPAddress(addr), port),
            Tags = GossipTags.Decode(meta, out string? problem),
            Status = status,
        };
        if (problem is not null)
        {
            _context.Error($"serf: Failed to decode tags of {name}: {problem}");
        }

        return vsn.Length < WireLimits.VersionBytes
            ? member
            : member with
            {
                ProtocolMin = vsn[0], ProtocolMax = vsn[1], ProtocolCur = vsn[2], DelegateMin = vsn[3], DelegateMax = vsn[4], DelegateCur = vsn[5],
            };
    }

    private Member Describe(NodeRecord record, MemberStatus status) =>
        Describe(record.Name, record.Addr, record.Port, record.Meta, record.Vsn, status);

    private void NameConflict(NodeRecord existing, in Alive other)
    {
        var claimed = new MemberAddress(new IPAddress(other.Addr), other.Port);
        if (other.Node == _self.Name)
        {
            _context.Error($"serf: Node name conflicts with another node at {claimed}. Names must be unique! (Resolution enabled: false)");
        }
        else
        {
            _context.Warn($"serf: Name conflict for '{existing.Name}' both {existing.Address} and {claimed} are claiming");
        }
    }

    /// <summary>A Serf message from a packet, a stream or ourselves; news is passed on as it came.</summary>
    private void HandleSerfMessage(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> body = message[1..];
        try
        {
            switch ((SerfMessageType)message[0])
            {
                case SerfMessageType.Leave:
                    PassOn(_intents, message, ApplyLeaveIntent(LeaveIntent.Decode(body)));
                    break;
                case SerfMessageType.Join:
                    PassOn(_intents, message, ApplyJoinIntent(JoinIntent.Decode(body)));
                    break;
                case SerfMessageType.UserEvent:
                    PassOn(_events, message, ApplyUserEvent(UserEventMessage.Decode(body)));
                    break;
                case SerfMessageType.Query:
                    PassOn(_queries, message, ApplyQuery(QueryMessage.Decode(body)));
                    break;
                case SerfMessageType.QueryResponse:
                    ApplyQueryResponse(QueryResponseMessage.Decode(body));
                    break;
                case SerfMessageType.Relay:
                    Relay(RelayMessage.Decode(body));
                    break;
                default:
                    _context.Warn($"serf: Received message of unknown type: {message[0]}");
                    break;
            }
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            _context.Error($"serf: Error decoding message of type {message[0]}: {e.Message}");
        }
    }

    private static void PassOn(TransmitQueue queue, ReadOnlySpan<byte> message, bool news)
    {
        if (news)
        {
            queue.Queue(name: null, message.ToArray());
        }
    }

    private void LearnCoordinate(string name, TimeSpan roundTrip, byte[]? payload)
    {
        if (payload is not { Length: > 0 })
        {
            return;
        }

        Coordinate coordinate;
        try
        {
            coordinate = CoordinateCodec.Decode(payload);
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            _context.Error($"serf: Failed to decode coordinate from ping: {e.Message}");
            return;
        }

        if (!_coordinates.TryUpdate(name, coordinate, roundTrip, out string problem))
        {
            _context.Debug($"serf: Rejected coordinate from {name}: {problem}");
            return;
        }

        _coordinateCache = _coordinateCache.SetItem(name, coordinate).SetItem(_self.Name, _coordinates.Current);
    }
}
