using System.Text;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Transcripts;

/// <summary>Messages as short text, for transcripts that people read.</summary>
internal static class MessageSummary
{
    public static string OfPacket(byte[] datagram)
    {
        bool crc = datagram[0] == (byte)MessageType.HasCrc;
        return (crc ? "crc " : string.Empty) + Of(crc ? datagram[5..] : datagram);
    }

    public static string Of(byte[] message)
    {
        ReadOnlySpan<byte> body = message.AsSpan(1);
        switch ((MessageType)message[0])
        {
            case MessageType.Ping:
                Ping ping = Ping.Decode(body);
                return $"ping({ping.Node} seq={ping.SeqNo})";
            case MessageType.IndirectPing:
                IndirectPing indirect = IndirectPing.Decode(body);
                return $"indirect-ping({indirect.Node} seq={indirect.SeqNo}{(indirect.Nack ? " nack" : string.Empty)})";
            case MessageType.Ack:
                Ack ack = Ack.Decode(body);
                return $"ack(seq={ack.SeqNo}{(ack.Payload is null ? string.Empty : " coordinate")})";
            case MessageType.Nack: return $"nack(seq={Nack.Decode(body).SeqNo})";
            case MessageType.Suspect:
                Suspect suspect = Suspect.Decode(body);
                return $"suspect({suspect.Node} inc={suspect.Incarnation} from={suspect.From})";
            case MessageType.Dead:
                Dead dead = Dead.Decode(body);
                return $"dead({dead.Node} inc={dead.Incarnation} from={dead.From})";
            case MessageType.Alive:
                Alive alive = Alive.Decode(body);
                return $"alive({alive.Node} inc={alive.Incarnation} {new System.Net.IPAddress(alive.Addr)}:{alive.Port} {Tags(alive.Meta)})";
            case MessageType.Compound:
                byte[] rest = message[1..];
                return "[" + string.Join(", ", CompoundPacket.Decode(rest, out _).Select(part => Of(rest[part]))) + "]";
            case MessageType.User: return OfSerf(message[1..]);
            case MessageType.PushPull: return OfPushPull(PushPullState.Decode(body));
            case MessageType.Error: return $"error({ErrorMessage.Decode(body).Error})";
            default: return $"type {message[0]}";
        }
    }

    private static string OfPushPull(PushPullState state)
    {
        IEnumerable<string> nodes = state.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => $"{n.Name}:{n.State}:{n.Incarnation}".ToLowerInvariant());
        SerfPushPull serf = SerfPushPull.Decode(state.UserState.AsSpan(1));
        string left = serf.LeftMembers.Count == 0 ? string.Empty : " left=" + string.Join(',', serf.LeftMembers);
        return $"push-pull({(state.Join ? "join " : string.Empty)}{string.Join(' ', nodes)} clock={serf.LTime}{left} events={serf.Events.Count})";
    }

    private static string OfSerf(byte[] message)
    {
        ReadOnlySpan<byte> body = message.AsSpan(1);
        switch ((SerfMessageType)message[0])
        {
            case SerfMessageType.Join:
                JoinIntent join = JoinIntent.Decode(body);
                return $"join({join.Node} @{join.LTime})";
            case SerfMessageType.Leave:
                LeaveIntent leave = LeaveIntent.Decode(body);
                return $"leave({leave.Node} @{leave.LTime}{(leave.Prune ? " prune" : string.Empty)})";
            case SerfMessageType.UserEvent:
                UserEventMessage e = UserEventMessage.Decode(body);
                return $"event({e.Name}={Encoding.UTF8.GetString(e.Payload ?? [])} @{e.LTime})";
            case SerfMessageType.Query:
                QueryMessage query = QueryMessage.Decode(body);
                return $"query({query.Name} @{query.LTime})";
            case SerfMessageType.QueryResponse:
                QueryResponseMessage response = QueryResponseMessage.Decode(body);
                string what = response.Flags.HasFlag(QueryFlags.Ack) ? "ack" : $"{response.Payload?.Length ?? 0} bytes";
                return $"response({response.From} @{response.LTime} id={response.Id} {what})";
            case SerfMessageType.Relay:
                RelayMessage relay = RelayMessage.Decode(body);
                return $"relay({relay.DestName} {OfSerf(relay.Message)})";
            default: return $"serf type {message[0]}";
        }
    }

    private static string Tags(byte[]? meta) =>
        string.Join(',', GossipTags.Decode(meta, out _).Where(t => t.Value.Length > 0).Select(t => $"{t.Key}={t.Value}")) is { Length: > 0 } tags ? tags : "-";
}
