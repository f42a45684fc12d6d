using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>Full exchanges of state, TCP pings and Serf messages over streams.</summary>
internal sealed partial class Memberlist
{
    private readonly Dictionary<StreamId, StreamDone> _openStreams = [];

    /// <summary>Exactly one of the two is null.</summary>
    private delegate void StreamDone(byte[]? message, string? error);

    /// <summary>A message that a peer sent on a stream of its own.</summary>
    public void HandleStreamRequest(StreamId stream, MemberAddress from, byte[] message)
    {
        try
        {
            switch ((MessageType)message[0])
            {
                case MessageType.Ping:
                    AnswerStreamPing(stream, from, Ping.Decode(message.AsSpan(1)));
                    break;
                case MessageType.PushPull:
                    AnswerPushPull(stream, from, PushPullState.Decode(message.AsSpan(1)));
                    break;
                case MessageType.User:
                    _delegate.HandleUserMessage(StreamUserMessage.Decode(message.AsSpan(1)));
                    _context.Emit(new CloseStream(stream));
                    break;
                default:
                    _context.Error($"memberlist: Received invalid msgType ({message[0]}) from={from}");
                    _context.Emit(new CloseStream(stream));
                    break;
            }
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            _context.Error($"memberlist: failed to receive: {e.Message} from={from}");
            _context.Emit(new ReplyOnStream(stream, new ErrorMessage(e.Message).Encode()));
        }
    }

    /// <summary>The answer on a stream that we opened.</summary>
    public void HandleStreamReply(StreamId stream, byte[] message)
    {
        if (!_openStreams.Remove(stream, out StreamDone? done))
        {
            return;
        }

        try
        {
            if (message[0] == (byte)MessageType.Error)
            {
                done(null, $"remote error: {ErrorMessage.Decode(message.AsSpan(1)).Error}");
            }
            else
            {
                done(message, null);
            }
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            done(null, e.Message);
        }
    }

    public void HandleStreamFailure(StreamId stream, string error)
    {
        if (_openStreams.Remove(stream, out StreamDone? done))
        {
            done(null, error);
        }
    }

    /// <summary>Exchanges everything with one peer.</summary>
    /// <param name="to">Peer.</param>
    /// <param name="join">We are joining its pool, as opposed to a routine exchange; the other side is told.</param>
    /// <param name="ignoreOldEvents">See <see cref="IMemberlistDelegate.MergeRemoteState"/>.</param>
    /// <param name="done">Gets null or what went wrong.</param>
    public void PushPull(MemberAddress to, bool join, bool ignoreOldEvents, Action<string?> done)
    {
        byte[] request = LocalState(join).Encode();
        OpenStream(to, request, _options.StreamTimeout, (message, error) =>
        {
            if (error is null && message![0] != (byte)MessageType.PushPull)
            {
                error = $"received invalid msgType ({message[0]}), expected pushPullMsg (6) from={to}";
            }

            done(error ?? Merge(PushPullState.Decode(message.AsSpan(1)) with { Join = join }, ignoreOldEvents));
        });
    }

    private void StartPushPulling() =>
        _context.After(_context.Random.Next(_options.PushPullInterval), SchedulePushPull);

    private void SchedulePushPull() =>
        _context.After(PushPullSchedule.Scale(_options.PushPullInterval, _nodes.Count), PushPullTick);

    private void PushPullTick()
    {
        SchedulePushPull();
        List<NodeRecord> peers = RandomNodes(1, node => node != _local && node.State == NodeState.Alive);
        if (peers.Count == 1)
        {
            NodeRecord peer = peers[0];
            PushPull(peer.Address, join: false, ignoreOldEvents: false, error =>
            {
                if (error is not null)
                {
                    _context.Error($"memberlist: Push/Pull with {peer.Name} failed: {error}");
                }
            });
        }
    }

    private void AnswerStreamPing(StreamId stream, MemberAddress from, in Ping ping)
    {
        if (ping.Node.Length > 0 && ping.Node != _self.Name)
        {
            _context.Warn($"memberlist: Got ping for unexpected node {ping.Node} from={from}");
            _context.Emit(new CloseStream(stream));
            return;
        }

        _context.Emit(new ReplyOnStream(stream, new Ack(ping.SeqNo, Payload: null).Encode()));
    }

    /// <summary>Answers before merging: the initiator waits for the reply, and gets it even if we then refuse its members.</summary>
    private void AnswerPushPull(StreamId stream, MemberAddress from, PushPullState remote)
    {
        _context.Debug($"memberlist: Stream connection from={from}");
        _context.Emit(new ReplyOnStream(stream, LocalState(remote.Join).Encode()));
        string? error = Merge(remote, ignoreOldEvents: false);
        if (error is not null)
        {
            _context.Error($"memberlist: Failed push/pull merge: {error} from={from}");
        }
    }

    private PushPullState LocalState(bool join)
    {
        var nodes = new List<PushPullNode>(_nodes.Count);
        foreach (NodeRecord node in _nodes)
        {
            nodes.Add(new PushPullNode(node.Name, node.Addr, node.Port, node.Meta, node.Incarnation, node.State, node.Vsn));
        }

        return new PushPullState(join, nodes, _delegate.LocalState());
    }

    /// <summary>All or nothing up to the two checks, then member by member.</summary>
    private string? Merge(PushPullState remote, bool ignoreOldEvents)
    {
        string? problem = ProtocolCheck.Verify(remote.Nodes, _nodes);
        if (problem is null && remote.Join && _delegate.JudgesMembers)
        {
            problem = _delegate.RefuseMerge(remote.Nodes);
        }

        if (problem is not null)
        {
            return problem;
        }

        foreach (PushPullNode node in remote.Nodes)
        {
            switch (node.State)
            {
                case NodeState.Alive:
                    ushort port = node.Port == 0 ? _self.BindPort : node.Port;
                    ApplyAlive(new Alive(node.Incarnation, node.Name, node.Addr, port, node.Meta, node.Vsn));
                    break;
                case NodeState.Left:
                    ApplyDead(new Dead(node.Incarnation, node.Name, node.Name));
                    break;
                default:
                    // A death that we only hear of is not believed but looked into, in our own name.
                    ApplySuspect(new Suspect(node.Incarnation, node.Name, _self.Name));
                    break;
            }
        }

        if (remote.UserState.Length > 0)
        {
            _delegate.MergeRemoteState(remote.UserState, remote.Join, ignoreOldEvents);
        }

        return null;
    }

    private StreamId OpenStream(MemberAddress to, byte[] message, TimeSpan timeout, StreamDone done)
    {
        var stream = new StreamId(++_streamSequence, Incoming: false);
        _openStreams.Add(stream, done);
        _context.Emit(new OpenStream(stream, to, message, timeout));
        return stream;
    }

    private void AbandonStream(StreamId stream)
    {
        if (_openStreams.Remove(stream))
        {
            _context.Emit(new CloseStream(stream));
        }
    }
}
