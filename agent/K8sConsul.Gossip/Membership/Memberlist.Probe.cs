using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>The failure detector: one member is probed at a time, directly, then through others and over TCP.</summary>
internal sealed partial class Memberlist
{
    private readonly Dictionary<uint, AckHandler> _ackHandlers = [];
    private int _probeIndex;
    private Probe? _probe;

    // A tick that came while a probe was running; it is made up for at once, and only once.
    private bool _probeTickMissed;

    private delegate void AckReceived(in Ack ack, TimeSpan receivedAt);

    private void StartProbing() => _context.After(_context.Random.Next(_options.ProbeInterval), ProbeTick);

    private void ProbeTick()
    {
        _context.After(_options.ProbeInterval, ProbeTick);
        if (_probe is null)
        {
            ProbeNext();
        }
        else
        {
            _probeTickMissed = true;
        }
    }

    /// <summary>
    /// At most the rest of the list and one full pass, so that a pool of the dead is not walked for ever. (memberlist counts one pass
    /// in all, and so now and then probes nobody when the list has just turned; in a pool of two that is every other time.)
    /// </summary>
    private void ProbeNext()
    {
        for (int considered = 0; considered < 2 * _nodes.Count;)
        {
            if (_probeIndex >= _nodes.Count)
            {
                ForgetLongDead();
                _context.Random.Shuffle(_nodes);
                _probeIndex = 0;
                continue;
            }

            NodeRecord node = _nodes[_probeIndex++];
            if (node != _local && !node.IsDeadOrLeft)
            {
                BeginProbe(node);
                return;
            }

            considered++;
        }
    }

    private void BeginProbe(NodeRecord node)
    {
        uint sequence = NextSequence();
        TimeSpan interval = _awareness.Scale(_options.ProbeInterval);
        var probe = new Probe { Node = node, Incarnation = node.Incarnation, Sequence = sequence, SentAt = _context.Now, Deadline = _context.Now + interval };
        _probe = probe;
        ExpectAck(
            sequence,
            interval,
            (in Ack ack, TimeSpan receivedAt) => ProbeAnswered(probe, ack, receivedAt),
            nacked: () => probe.Nacks++);
        var ping = new Ping(sequence, node.Name, Source);
        if (node.State == NodeState.Alive)
        {
            SendDirected(node.Address, ping.Encode());
        }
        else
        {
            // Tells a suspect in the same packet what it is accused of, so that it can refute at the first opportunity.
            byte[] accusation = new Suspect(node.Incarnation, node.Name, _self.Name).Encode();
            SendPacket(node.Address, CompoundPacket.Encode([ping.Encode(), accusation]), node.ProtocolMax >= CrcProtocol);
        }

        probe.Timer = _context.After(_options.ProbeTimeout, () => ProbeIndirectly(probe));
    }

    private void ProbeAnswered(Probe probe, in Ack ack, TimeSpan receivedAt)
    {
        // Only a direct answer in time says something about the distance.
        TimeSpan roundTrip = receivedAt - probe.SentAt;
        if (!probe.Indirect && roundTrip >= TimeSpan.Zero)
        {
            _delegate.NotifyPingComplete(probe.Node, roundTrip, ack.Payload);
        }

        EndProbe(probe, awarenessDelta: -1);
    }

    private void ProbeIndirectly(Probe probe)
    {
        _context.Debug($"memberlist: Failed UDP ping: {probe.Node.Name} (timeout reached)");
        probe.Indirect = true;
        List<NodeRecord> helpers = RandomNodes(
            _options.IndirectChecks, node => node != _local && node != probe.Node && node.State == NodeState.Alive);
        foreach (NodeRecord helper in helpers)
        {
            bool nack = helper.ProtocolMax >= NackProtocol;
            probe.ExpectedNacks += nack ? 1 : 0;
            var request = new IndirectPing(probe.Sequence, probe.Node.Addr, probe.Node.Port, probe.Node.Name, nack, Source);
            SendDirected(helper.Address, request.Encode());
        }

        TimeSpan left = probe.Deadline - _context.Now;
        if (_options.StreamPings && probe.Node.ProtocolMax >= StreamPingProtocol && left > TimeSpan.Zero)
        {
            BeginStreamPing(probe, left);
        }

        probe.Timer = _context.Timers.Schedule(probe.Deadline, () => ProbeExpired(probe));
    }

    private void BeginStreamPing(Probe probe, TimeSpan timeout)
    {
        byte[] ping = new Ping(probe.Sequence, probe.Node.Name, Source).Encode();
        probe.Stream = OpenStream(probe.Node.Address, ping, timeout, (message, error) =>
        {
            probe.Stream = null;
            if (error is not null)
            {
                _context.Debug($"memberlist: Failed TCP fallback ping: {error}");
                return;
            }

            probe.StreamAnswered = message![0] == (byte)MessageType.Ack && Ack.Decode(message.AsSpan(1)).SeqNo == probe.Sequence;
        });
    }

    private void ProbeExpired(Probe probe)
    {
        if (probe.StreamAnswered)
        {
            _context.Warn(
                $"memberlist: Was able to connect to {probe.Node.Name} over TCP but UDP probes failed, network may be misconfigured");
            EndProbe(probe, awarenessDelta: -1);
            return;
        }

        // Helpers that did not even say "no answer" point at our own network rather than at the target.
        int awarenessDelta = probe.ExpectedNacks > 0 ? Math.Max(0, probe.ExpectedNacks - probe.Nacks) : 1;
        _context.Info($"memberlist: Suspect {probe.Node.Name} has failed, no acks received");
        EndProbe(probe, awarenessDelta);
        ApplySuspect(new Suspect(probe.Incarnation, probe.Node.Name, _self.Name));
    }

    private void EndProbe(Probe probe, int awarenessDelta)
    {
        probe.Timer?.Cancel();
        ForgetAck(probe.Sequence);
        if (probe.Stream is { } stream)
        {
            AbandonStream(stream);
        }

        _awareness.Apply(awarenessDelta);
        _counters = _counters with { Probes = _counters.Probes + 1, LastProbe = _context.Now - probe.SentAt };
        _probe = null;
        if (_probeTickMissed)
        {
            _probeTickMissed = false;
            _context.After(TimeSpan.Zero, () =>
            {
                if (_probe is null)
                {
                    ProbeNext();
                }
            });
        }
    }

    private void ForgetLongDead()
    {
        _nodes.RemoveAll(node =>
        {
            bool forget = node.IsDeadOrLeft && node != _local && _context.Now - node.StateChange > _options.GossipToTheDeadTime;
            if (forget)
            {
                _byName.Remove(node.Name);
            }

            return forget;
        });
    }

    private void ExpectAck(uint sequence, TimeSpan expiry, AckReceived received, Action? nacked = null) =>
        _ackHandlers[sequence] = new AckHandler(received, nacked, _context.After(expiry, () => _ackHandlers.Remove(sequence)));

    private void ForgetAck(uint sequence)
    {
        if (_ackHandlers.Remove(sequence, out AckHandler? handler))
        {
            handler.Expiry.Cancel();
        }
    }

    private void HandleAck(in Ack ack, in PacketOrigin origin)
    {
        if (_ackHandlers.Remove(ack.SeqNo, out AckHandler? handler))
        {
            handler.Expiry.Cancel();
            handler.Received(ack, origin.ReceivedAt);
        }
    }

    private void HandleNack(in Nack nack)
    {
        if (_ackHandlers.TryGetValue(nack.SeqNo, out AckHandler? handler))
        {
            handler.Nacked?.Invoke();
        }
    }

    private sealed record AckHandler(AckReceived Received, Action? Nacked, TimerEntry Expiry);

    private sealed class Probe
    {
        public required NodeRecord Node { get; init; }

        /// <summary>As of the beginning: a member that refuted meanwhile is not accused anew.</summary>
        public required uint Incarnation { get; init; }

        public required uint Sequence { get; init; }

        public required TimeSpan SentAt { get; init; }

        /// <summary>The end of the whole probe, stretched by our awareness; the direct part is not stretched.</summary>
        public required TimeSpan Deadline { get; init; }

        public bool Indirect { get; set; }

        public int ExpectedNacks { get; set; }

        public int Nacks { get; set; }

        public StreamId? Stream { get; set; }

        public bool StreamAnswered { get; set; }

        public TimerEntry? Timer { get; set; }
    }
}
