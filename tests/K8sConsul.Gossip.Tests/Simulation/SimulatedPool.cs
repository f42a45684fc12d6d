using System.Net;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Simulation;

/// <summary>Faults of the simulated network, as probabilities and ranges.</summary>
internal sealed record NetworkFaults
{
    public double Loss { get; init; }

    public double Duplicate { get; init; }

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(5);
}

/// <summary>
/// Many nodes on a simulated network and one simulated clock. Everything random comes from one seed, so that a run can be
/// replayed. Packets and streams go through the real codecs.
/// </summary>
internal sealed class SimulatedPool
{
    private readonly PriorityQueue<Action, (TimeSpan Due, long Order)> _events = new();
    private readonly Dictionary<MemberAddress, SimulatedNode> _byAddress = [];
    private readonly SeededRandom _random;
    private readonly ulong _seed;
    private long _order;
    private long _streamSequence;
    private ulong _nonce;

    public SimulatedPool(ulong seed, NetworkFaults? faults = null)
    {
        (_seed, _random, Faults) = (seed, new SeededRandom(seed), faults ?? new NetworkFaults());
    }

    public NetworkFaults Faults { get; set; }

    /// <summary>Messages between the two sides are lost while this says so.</summary>
    public Func<SimulatedNode, SimulatedNode, bool>? Partition { get; set; }

    public TimeSpan Now { get; private set; }

    public List<SimulatedNode> Nodes { get; } = [];

    public IEnumerable<SimulatedNode> Running => Nodes.Where(node => node.IsRunning);

    public long PacketCount { get; private set; }

    public SimulatedNode this[string name] => Nodes.Last(node => node.Core.Name == name);

    /// <summary>Starts a node. A node of the same name that was there before must have been stopped.</summary>
    public SimulatedNode Add(string name, Func<GossipNodeOptions, GossipNodeOptions>? configure = null, SnapshotState? previous = null, MemberAddress? address = null)
    {
        int number = Nodes.Count + 1;
        MemberAddress own = address ?? new MemberAddress(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 8301);
        var options = new GossipNodeOptions
        {
            Name = name, Advertise = own, BindPort = own.Port, Seed = _seed ^ ((ulong)number << 32), Snapshot = true,
        };
        options = configure?.Invoke(options) ?? options;
        var node = new SimulatedNode(options, NextNonce);
        Nodes.Add(node);
        _byAddress[own] = node;
        node.Core.Start(Now, previous ?? SnapshotState.Empty);
        CarryOut(node);
        return node;
    }

    /// <summary>Starts nodes n1 to n<paramref name="count"/> and joins each to the first.</summary>
    public void AddMany(int count, Func<GossipNodeOptions, GossipNodeOptions>? configure = null)
    {
        for (int i = 1; i <= count; i++)
        {
            SimulatedNode node = Add($"n{i}", configure);
            if (i > 1)
            {
                Join(node, Nodes[0]);
            }
        }
    }

    public OperationId Join(SimulatedNode node, SimulatedNode target)
    {
        OperationId operation = node.Core.BeginJoin(target.Address, ignoreOldEvents: false, Now);
        node.Joins.Add(operation);
        CarryOut(node);
        return operation;
    }

    /// <summary>The process is gone between two instructions.</summary>
    public static void Kill(SimulatedNode node) => node.IsRunning = false;

    /// <summary>Runs a command on a node and carries out what follows from it.</summary>
    public T Do<T>(SimulatedNode node, Func<GossipNode, TimeSpan, T> command)
    {
        T result = command(node.Core, Now);
        CarryOut(node);
        return result;
    }

    public void RunFor(TimeSpan duration) => RunUntil(Now + duration, () => false);

    /// <summary>Runs until the condition holds, checking after every event.</summary>
    /// <returns>False if it did not within the time.</returns>
    public bool RunUntil(TimeSpan limit, Func<bool> condition)
    {
        while (!condition())
        {
            (Action? run, TimeSpan due) = NextEvent();
            if (run is null || due > limit)
            {
                Now = limit;
                return condition();
            }

            Now = due;
            run();
        }

        return true;
    }

    public bool RunUntilAllSee(Func<SimulatedNode, bool> view, TimeSpan within) => RunUntil(Now + within, () => Running.All(view));

    private (Action? Run, TimeSpan Due) NextEvent()
    {
        SimulatedNode? earliest = null;
        TimeSpan wakeUp = TimeSpan.MaxValue;
        foreach (SimulatedNode node in Nodes)
        {
            if (node.IsRunning && node.Core.NextWakeUp is { } due && due < wakeUp)
            {
                (earliest, wakeUp) = (node, due);
            }
        }

        if (_events.TryPeek(out Action? run, out (TimeSpan Due, long Order) priority) && priority.Due <= wakeUp)
        {
            _events.Dequeue();
            return (run, priority.Due);
        }

        return earliest is null
            ? (null, TimeSpan.MaxValue)
            : (() =>
            {
                earliest.Core.Advance(Now);
                CarryOut(earliest);
            }, wakeUp);
    }

    private void CarryOut(SimulatedNode node)
    {
        foreach (GossipEffect effect in node.Core.TakeEffects())
        {
            switch (effect)
            {
                case SendPacket send:
                    Send(node, send);
                    break;
                case OpenStream open:
                    Open(node, open);
                    break;
                case ReplyOnStream reply:
                    node.Replies.Remove(reply.Stream, out Action<byte[]>? answer);
                    answer!(node.Streams.Seal(reply.Message, first: false));
                    break;
                case PersistKeyring persist:
                    node.PersistedKeys = [.. persist.Keys.Select(key => key.Base64)];
                    node.Core.KeyringPersisted(persist.Persistence, null, Now);
                    CarryOut(node);
                    break;
                default:
                    node.Note(Now, effect);
                    break;
            }
        }
    }

    private void Send(SimulatedNode from, SendPacket send)
    {
        PacketCount++;
        if (!_byAddress.TryGetValue(send.To, out SimulatedNode? to) || IsCut(from, to) || _random.NextDouble() < Faults.Loss)
        {
            return;
        }

        int copies = _random.NextDouble() < Faults.Duplicate ? 2 : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            After(Delay(), () =>
            {
                if (to.IsRunning)
                {
                    to.Core.HandlePacket(send.Datagram, from.Address, Now, Now);
                    CarryOut(to);
                }
            });
        }
    }

    private void Open(SimulatedNode from, OpenStream open)
    {
        if (!_byAddress.TryGetValue(open.To, out SimulatedNode? to) || IsCut(from, to))
        {
            After(open.Timeout, () => Fail(from, open.Stream, $"dial tcp {open.To}: i/o timeout"));
            return;
        }

        byte[] request = from.Streams.Seal(open.Message, first: true);
        After(Delay() + Delay(), () =>
        {
            if (!to.IsRunning)
            {
                Fail(from, open.Stream, $"dial tcp {open.To}: connect: connection refused");
                return;
            }

            Accept(from, to, open.Stream, request);
        });
    }

    private void Accept(SimulatedNode from, SimulatedNode to, StreamId opened, byte[] request)
    {
        var incoming = new StreamId(++_streamSequence, Incoming: true);
        void Answer(byte[] reply) => After(Delay(), () => Deliver(from, opened, reply));
        byte[] message;
        try
        {
            Assert.True(new StreamFramer().IsComplete(request));
            message = to.Streams.Open(request, first: true);
        }
        catch (GossipFormatException e)
        {
            Answer(to.Streams.SealError(e.Message));
            return;
        }

        to.Replies[incoming] = Answer;
        to.Core.HandleStreamRequest(incoming, from.Address, message, Now);
        CarryOut(to);
    }

    private void Deliver(SimulatedNode node, StreamId stream, byte[] reply)
    {
        if (!node.IsRunning)
        {
            return;
        }

        try
        {
            Assert.True(new StreamFramer().IsComplete(reply));
            node.Core.HandleStreamReply(stream, node.Streams.Open(reply, first: false), Now);
        }
        catch (GossipFormatException e)
        {
            node.Core.HandleStreamFailure(stream, e.Message, Now);
        }

        CarryOut(node);
    }

    private void Fail(SimulatedNode node, StreamId stream, string error)
    {
        if (node.IsRunning)
        {
            node.Core.HandleStreamFailure(stream, error, Now);
            CarryOut(node);
        }
    }

    private bool IsCut(SimulatedNode a, SimulatedNode b) => Partition?.Invoke(a, b) ?? false;

    private TimeSpan Delay() => Faults.DelayMin + _random.Next(Faults.DelayMax - Faults.DelayMin);

    private void After(TimeSpan delay, Action run) => _events.Enqueue(run, (Now + delay, _order++));

    private void NextNonce(Span<byte> nonce) => System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(nonce, ++_nonce);
}
