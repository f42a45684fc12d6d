using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>Decodes a message to the last layer and encodes it again.</summary>
internal static class MessageRoundTrip
{
    public static byte[] ReEncode(byte[] message) => (MessageType)message[0] switch
    {
        MessageType.Ping => Ping.Decode(message.AsSpan(1)).Encode(),
        MessageType.IndirectPing => IndirectPing.Decode(message.AsSpan(1)).Encode(),
        MessageType.Ack => ReEncodeAck(Ack.Decode(message.AsSpan(1))),
        MessageType.Nack => Nack.Decode(message.AsSpan(1)).Encode(),
        MessageType.Alive => Alive.Decode(message.AsSpan(1)).Encode(),
        MessageType.Suspect => Suspect.Decode(message.AsSpan(1)).Encode(),
        MessageType.Dead => Dead.Decode(message.AsSpan(1)).Encode(),
        MessageType.Error => ErrorMessage.Decode(message.AsSpan(1)).Encode(),
        MessageType.Compress => Compression.Wrap(ReEncode(Compression.Unwrap(message.AsSpan(1), WireLimits.StreamInflatedBytesMax))),
        MessageType.Compound => ReEncodeCompound(message),
        MessageType.User => [(byte)MessageType.User, .. ReEncodeSerf(message[1..])],
        MessageType.PushPull => ReEncodePushPull(PushPullState.Decode(message.AsSpan(1))),
        _ => throw new ArgumentException($"type {message[0]}"),
    };

    public static byte[] ReEncodeSerf(byte[] message)
    {
        ReadOnlySpan<byte> body = message.AsSpan(1);
        switch ((SerfMessageType)message[0])
        {
            case SerfMessageType.Join: return JoinIntent.Decode(body).Encode();
            case SerfMessageType.Leave: return LeaveIntent.Decode(body).Encode();
            case SerfMessageType.UserEvent: return UserEventMessage.Decode(body).Encode();
            case SerfMessageType.PushPull: return SerfPushPull.Decode(body).Encode();
            case SerfMessageType.ConflictResponse: return ConflictResponse.Encode(ConflictResponse.Decode(body));
            case SerfMessageType.KeyRequest: return KeyRequest.Encode(KeyRequest.Decode(message));
            case SerfMessageType.KeyResponse: return KeyResponse.Decode(message).Encode();
            case SerfMessageType.Query:
                QueryMessage query = QueryMessage.Decode(body);
                return (query.Payload is { Length: > 0 } && query.Name.EndsWith("-key") ? query with { Payload = ReEncodeSerf(query.Payload) } : query).Encode();
            case SerfMessageType.QueryResponse:
                QueryResponseMessage response = QueryResponseMessage.Decode(body);
                return (response.Payload is [6 or 8, ..] ? response with { Payload = ReEncodeSerf(response.Payload) } : response).Encode();
            case SerfMessageType.Relay:
                RelayMessage relay = RelayMessage.Decode(body);
                return (relay with { Message = ReEncodeSerf(relay.Message) }).Encode();
            default: throw new ArgumentException($"serf type {message[0]}");
        }
    }

    private static byte[] ReEncodeAck(Ack ack) =>
        (ack.Payload is null ? ack : ack with { Payload = CoordinateCodec.Encode(CoordinateCodec.Decode(ack.Payload)) }).Encode();

    private static byte[] ReEncodeCompound(byte[] message)
    {
        byte[] body = message[1..];
        return CompoundPacket.Encode([.. CompoundPacket.Decode(body, out _).Select(part => ReEncode(body[part]))]);
    }

    private static byte[] ReEncodePushPull(PushPullState state) => (state with { UserState = ReEncodeSerf(state.UserState) }).Encode();
}
