using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>Packets in and out.</summary>
internal sealed partial class Memberlist
{
    // Reused: messages that ride on the packet being made.
    private readonly List<byte[]> _riders = [];

    /// <summary>A datagram. Whatever is wrong with it, it is only dropped and logged.</summary>
    /// <param name="datagram">As received.</param>
    /// <param name="from">Where it came from; IPv4 in 4 bytes.</param>
    /// <param name="receivedAt">When the socket had it: round-trip times end here, not when we got round to it.</param>
    public void HandlePacket(ReadOnlyMemory<byte> datagram, MemberAddress from, TimeSpan receivedAt)
    {
        try
        {
            HandleMessage(_codec.Open(datagram), new PacketOrigin(from, receivedAt), depth: 0);
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            _context.Error($"memberlist: {e.Message} from={from}");
        }
    }

    /// <summary>A Serf message to one member, on a packet of its own.</summary>
    public void SendUserMessage(MemberAddress to, byte[] message) =>
        SendPacket(to, [(byte)MessageType.User, .. message], addCrc: false);

    private void HandleMessage(ReadOnlyMemory<byte> message, in PacketOrigin origin, int depth)
    {
        if (message.IsEmpty)
        {
            throw new GossipFormatException("missing message type byte");
        }

        ReadOnlySpan<byte> body = message.Span[1..];
        switch ((MessageType)message.Span[0])
        {
            case MessageType.Ping: HandlePing(Ping.Decode(body), origin); break;
            case MessageType.IndirectPing: HandleIndirectPing(IndirectPing.Decode(body), origin); break;
            case MessageType.Ack: HandleAck(Ack.Decode(body), origin); break;
            case MessageType.Nack: HandleNack(Nack.Decode(body)); break;
            case MessageType.Suspect: ApplySuspect(Suspect.Decode(body)); break;
            case MessageType.Alive: HandleAlive(Alive.Decode(body), origin); break;
            case MessageType.Dead: ApplyDead(Dead.Decode(body)); break;
            case MessageType.User: _delegate.HandleUserMessage(body); break;
            case MessageType.Compound: HandleCompound(message[1..], origin, depth); break;
            case MessageType.Compress:
                CheckDepth(depth);
                HandleMessage(Compression.Unwrap(body, WireLimits.PacketInflatedBytesMax), origin, depth + 1);
                break;
            default:
                throw new GossipFormatException($"msg type ({message.Span[0]}) not supported");
        }
    }

    private void HandleCompound(ReadOnlyMemory<byte> body, in PacketOrigin origin, int depth)
    {
        CheckDepth(depth);
        List<Range> parts = CompoundPacket.Decode(body.Span, out int truncated);
        if (truncated > 0)
        {
            _context.Warn($"memberlist: Compound request had {truncated} truncated messages from={origin.From}");
        }

        foreach (Range part in parts)
        {
            // One bad part does not spoil the others.
            try
            {
                HandleMessage(body[part], origin, depth + 1);
            }
            catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
            {
                _context.Error($"memberlist: {e.Message} from={origin.From}");
            }
        }
    }

    private static void CheckDepth(int depth)
    {
        if (depth >= WireLimits.PacketNestingMax)
        {
            throw new GossipFormatException("messages nested too deeply");
        }
    }

    private void HandleAlive(Alive alive, in PacketOrigin origin)
    {
        if (!IsAllowed(origin.From.Ip))
        {
            _context.Debug($"memberlist: Blocked alive message: {origin.From.Ip} is not allowed from={origin.From}");
            return;
        }

        // Protocol 1 did not send a port: everybody used the same one.
        ApplyAlive(alive.Port == 0 ? alive with { Port = _self.BindPort } : alive);
    }

    private void HandlePing(in Ping ping, in PacketOrigin origin)
    {
        if (ping.Node.Length > 0 && ping.Node != _self.Name)
        {
            _context.Warn($"memberlist: Got ping for unexpected node '{ping.Node}' from={origin.From}");
            return;
        }

        SendDirected(AnswerAddress(ping.Source, origin), new Ack(ping.SeqNo, _delegate.AckPayload()).Encode());
    }

    /// <summary>Asks the target under a number of our own, and tells the asker what came of it.</summary>
    private void HandleIndirectPing(IndirectPing request, in PacketOrigin origin)
    {
        if (request.Target.Length == 0)
        {
            throw new GossipFormatException("indirect ping without a target");
        }

        MemberAddress asker = AnswerAddress(request.Source, origin);
        ushort port = request.Port == 0 ? _self.BindPort : request.Port;
        uint sequence = NextSequence();
        TimerEntry? nack = null;
        ExpectAck(
            sequence,
            _options.ProbeTimeout,
            (in Ack _, TimeSpan _) =>
            {
                nack?.Cancel();
                SendDirected(asker, new Ack(request.SeqNo, Payload: null).Encode());
            });
        var target = new MemberAddress(new System.Net.IPAddress(request.Target), port);
        SendDirected(target, new Ping(sequence, request.Node, Source).Encode());
        if (request.Nack)
        {
            nack = _context.After(_options.ProbeTimeout, () => SendDirected(asker, new Nack(request.SeqNo).Encode()));
        }
    }

    private static MemberAddress AnswerAddress(in ProbeSource source, in PacketOrigin origin) =>
        source.IsAddress ? new MemberAddress(new System.Net.IPAddress(source.Addr), source.Port) : origin.From;

    /// <summary>A message to one member, with as many broadcasts as fit into the same packet.</summary>
    private void SendDirected(MemberAddress to, byte[] message)
    {
        int space = _options.PacketBytesMax - message.Length - CompoundPacket.HeaderBytes - _codec.OverheadBytes;
        _riders.Clear();
        _riders.Add(message);
        CollectBroadcasts(space, _riders);
        SendPacket(to, Join(_riders), addCrc: false);
    }

    /// <summary>Memberlist's own broadcasts first, then those of the layer above, each framed as a user message.</summary>
    private void CollectBroadcasts(int space, List<byte[]> taken)
    {
        int used = _broadcasts.Take(CompoundPacket.PartOverheadBytes, space, taken);
        const int UserTypeBytes = 1;
        int overhead = CompoundPacket.PartOverheadBytes + UserTypeBytes;
        if (space - used <= overhead)
        {
            return;
        }

        int firstUser = taken.Count;
        _delegate.CollectBroadcasts(overhead, space - used, taken);
        for (int i = firstUser; i < taken.Count; i++)
        {
            taken[i] = [(byte)MessageType.User, .. taken[i]];
        }
    }

    /// <summary>More messages than a compound can count do not fit into a packet: each costs at least four bytes.</summary>
    private static byte[] Join(List<byte[]> messages)
    {
        if (messages.Count == 1)
        {
            return messages[0];
        }

        int count = Math.Min(messages.Count, WireLimits.CompoundPartCountMax);
        return CompoundPacket.Encode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(messages)[..count]);
    }

    private void SendPacket(MemberAddress to, byte[] message, bool addCrc) =>
        _context.Emit(new SendPacket(to, _codec.Seal(message, addCrc)));

    private readonly record struct PacketOrigin(MemberAddress From, TimeSpan ReceivedAt);
}
