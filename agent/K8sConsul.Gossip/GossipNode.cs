using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>
/// One member of a gossip pool as a synchronous state machine: Serf on top of memberlist. It is told what arrives and what time
/// it is; what it wants done it leaves as <see cref="GossipEffect"/>s to be taken after every call.
/// </summary>
/// <remarks>
/// Not for concurrent use: one owner loop calls it. The loop of a shell is: take an input, call, carry out
/// <see cref="TakeEffects"/>, sleep until the next input or <see cref="NextWakeUp"/>, then <see cref="Advance"/>.
/// </remarks>
public sealed partial class GossipNode
{
    private readonly GossipNodeOptions _self;
    private readonly GossipOptions _options;
    private readonly CoreContext _context;
    private readonly Memberlist _memberlist;
    private readonly LamportClock _memberClock = new();
    private readonly LamportClock _eventClock = new();
    private readonly LamportClock _queryClock = new();
    private readonly TransmitQueue _intents;
    private readonly TransmitQueue _events;
    private readonly TransmitQueue _queries;
    private ImmutableSortedDictionary<string, string> _tags;
    private NodePhase _phase = NodePhase.Alive;
    private long _operationSequence;

    /// <summary>Does nothing yet.</summary>
    /// <param name="self">Fixed for the life of the node, except the tags.</param>
    /// <param name="nonces">For encryption.</param>
    public GossipNode(GossipNodeOptions self, NonceSource nonces)
    {
        ArgumentNullException.ThrowIfNull(self);
        (_self, _options, _context) = (self, self.Gossip, new CoreContext(self.Seed));
        _tags = GossipTags.From(self.Tags);
        _intents = new TransmitQueue(_options.RetransmitMult, () => _members.Count);
        _events = new TransmitQueue(_options.RetransmitMult, () => _members.Count);
        _queries = new TransmitQueue(_options.RetransmitMult, () => _members.Count);
        _coordinates = new CoordinateClient(_context.Random);
        _recentEvents = new EventSlotBuffer(_options.EventBufferCount);
        _recentQueries = new QueryBuffer(_options.QueryBufferCount);
        _memberlist = new Memberlist(_context, self, new MemberlistDelegate(this), nonces);
    }

    private enum NodePhase
    {
        Alive,
        Leaving,
        Left,
    }

    /// <summary>When <see cref="Advance"/> must be called at the latest; null never happens once started.</summary>
    public TimeSpan? NextWakeUp => _context.Timers.NextDue;

    public string Name => _self.Name;

    /// <summary>The effects since the last call, in the order in which they must be carried out.</summary>
    public IReadOnlyList<GossipEffect> TakeEffects()
    {
        List<GossipEffect> taken = _context.Effects;
        _context.Effects = [];
        return taken;
    }

    /// <summary>Joins the pool of ourselves alone, then tries to find the members of a previous life.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="previous">What the snapshot remembers; <see cref="SnapshotState.Empty"/> for nothing.</param>
    public void Start(TimeSpan now, SnapshotState previous)
    {
        ArgumentNullException.ThrowIfNull(previous);
        _context.MoveTo(now);
        RestoreClocks(previous);
        _memberlist.Start(GossipTags.Encode(_tags));
        StartReaping();
        Rejoin(previous);
    }

    /// <summary>Runs what has become due.</summary>
    public void Advance(TimeSpan now)
    {
        _context.MoveTo(now);
        while (_context.Timers.TryRunNext(_context.Now))
        {
        }
    }

    /// <summary>A datagram arrived.</summary>
    /// <param name="datagram">Not kept after the call.</param>
    /// <param name="from">IPv4 senders in 4 bytes, also when the socket is dual-mode.</param>
    /// <param name="receivedAt">When the socket had it.</param>
    /// <param name="now">Monotonic time.</param>
    public void HandlePacket(ReadOnlyMemory<byte> datagram, MemberAddress from, TimeSpan receivedAt, TimeSpan now)
    {
        Advance(now);
        _memberlist.HandlePacket(datagram, from, receivedAt);
        RunImmediate();
    }

    /// <summary>A peer's message on a stream it opened, already opened by the stream codec.</summary>
    /// <param name="stream">Chosen by the shell, with <see cref="StreamId.Incoming"/> set.</param>
    /// <param name="from">Peer.</param>
    /// <param name="message">Type byte and body.</param>
    /// <param name="now">Monotonic time.</param>
    public void HandleStreamRequest(StreamId stream, MemberAddress from, byte[] message, TimeSpan now)
    {
        Advance(now);
        _memberlist.HandleStreamRequest(stream, from, message);
        RunImmediate();
    }

    /// <summary>The answer on a stream that an <see cref="OpenStream"/> effect opened.</summary>
    public void HandleStreamReply(StreamId stream, byte[] message, TimeSpan now)
    {
        Advance(now);
        _memberlist.HandleStreamReply(stream, message);
        RunImmediate();
    }

    /// <summary>A stream that an <see cref="OpenStream"/> effect asked for failed; the text is Go's where there is one.</summary>
    public void HandleStreamFailure(StreamId stream, string error, TimeSpan now)
    {
        Advance(now);
        _memberlist.HandleStreamFailure(stream, error);
        RunImmediate();
    }

    /// <summary>What was put off "until right after this" must not wait for the next wake-up.</summary>
    private void RunImmediate() => Advance(_context.Now);

    private OperationId NewOperation() => new(++_operationSequence);

    private void Complete(OperationId operation, string? error) => _context.Emit(new OperationCompleted(operation, error));

    /// <summary>
    /// Calls back once: when the broadcast has gone out often enough, or when <paramref name="timeout"/> is over. Never from
    /// inside a queue that is being walked.
    /// </summary>
    private Action WhenSent(TimeSpan timeout, Action<bool> sentOrNot)
    {
        bool done = false;
        TimerEntry timer = _context.After(timeout, () => Finish(sent: false));
        void Finish(bool sent)
        {
            if (!done)
            {
                done = true;
                sentOrNot(sent);
            }
        }

        return () =>
        {
            timer.Cancel();
            _context.After(TimeSpan.Zero, () => Finish(sent: true));
        };
    }
}
