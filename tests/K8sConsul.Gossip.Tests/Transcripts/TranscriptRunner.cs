using System.Globalization;
using System.Net;
using System.Text;
using K8sConsul.Go;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Transcripts;

/// <summary>
/// Plays a script to one node and writes down what it does. The node is n1; nX lives at 10.0.0.X:8301. Gossip rounds, push/pull
/// and reconnecting happen only where a script turns them on, so that what is shown is what the script asked for.
/// </summary>
internal sealed class TranscriptRunner
{
    private readonly StringBuilder _output = new();
    private readonly List<OpenStream> _opened = [];
    private GossipNode _node = null!;
    private TimeSpan _now;
    private long _stream;

    // Probes are answered at once, and not shown.
    private bool _autoAck;

    public static string Play(IEnumerable<string> script)
    {
        var runner = new TranscriptRunner();
        foreach (string line in script)
        {
            if (line.StartsWith('#') || line.Length == 0)
            {
                runner._output.Append(line).Append('\n');
            }
            else if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                runner._output.Append(line).Append('\n');
                runner.Run(line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return runner._output.ToString();
    }

    private void Run(string[] words)
    {
        var arguments = new Dictionary<string, string>();
        foreach (string word in words.Skip(1))
        {
            int equals = word.IndexOf('=');
            arguments[equals < 0 ? word : word[..equals]] = equals < 0 ? string.Empty : word[(equals + 1)..];
        }

        string subject = words.Length > 1 ? words[1] : string.Empty;
        string Text(string name, string otherwise = "") => arguments.GetValueOrDefault(name, otherwise);
        uint Number(string name, uint otherwise = 1) => arguments.TryGetValue(name, out string? text) ? uint.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        bool Flag(string name) => arguments.ContainsKey(name);
        MemberAddress from = Address(Text("from", subject));
        switch (words[0])
        {
            case "start":
                _autoAck = Flag("auto-ack");
                Start(Text);
                break;
            case "alive": Packet(AliveOf(subject, Text, Number).Encode(), from); break;
            case "suspect": Packet(new Suspect(Number("inc"), subject, Text("from")).Encode(), from); break;
            case "dead": Packet(new Dead(Number("inc"), subject, Text("from")).Encode(), from); break;
            case "ping": Packet(new Ping(Number("seq"), Text("node", "n1"), Source(Text("from"))).Encode(), from); break;
            case "indirect-ping":
                Packet(new IndirectPing(Number("seq"), Bytes(subject), 8301, subject, Flag("nack"), Source(Text("from"))).Encode(), from);
                break;
            case "ack": Packet(new Ack(Number("seq"), CoordinateCodec.Encode(Coordinate.Initial)).Encode(), from); break;
            case "nack": Packet(new Nack(Number("seq")).Encode(), from); break;
            case "join": Serf(new JoinIntent(Number("at"), subject).Encode(), "n2"); break;
            case "leave": Serf(new LeaveIntent(Number("at"), subject, Flag("prune")).Encode(), "n2"); break;
            case "event": Serf(new UserEventMessage(Number("at"), subject, Encoding.UTF8.GetBytes(Text("payload")), Coalesce: false).Encode(), "n2"); break;
            case "query": Serf(QueryOf(subject, Text, Number, Flag).Encode(), "n2"); break;
            case "push-pull": PushPull(subject, Text, Number, Flag); break;
            case "stream-ping":
                _node.HandleStreamRequest(new StreamId(++_stream, Incoming: true), from, new Ping(Number("seq"), Text("node", "n1"), ProbeSource.None).Encode(), _now);
                break;
            case "stream-ack": _node.HandleStreamReply(_opened[^1].Stream, new Ack(Number("seq"), null).Encode(), _now); break;
            case "stream-fails": _node.HandleStreamFailure(_opened[^1].Stream, $"dial tcp {_opened[^1].To}: i/o timeout", _now); break;
            case "we-leave": _node.BeginLeave(_now); break;
            case "we-force-leave": _node.BeginForceLeave(subject, Flag("prune"), _now); break;
            case "we-set-tags": _node.BeginSetTags(TagsOf(subject), _now); break;
            case "we-fire": _node.SendUserEvent(subject, Encoding.UTF8.GetBytes(Text("payload")), coalesce: false, _now); break;
            case "we-join": _node.BeginJoin(Address(subject), Flag("ignore-old"), _now); break;
            case "we-announce": _node.AnnounceJoin(_now); break;
            case "advance": Advance(subject); break;
            case "members": Members(); break;
            default: throw new ArgumentException($"unknown command {words[0]}");
        }

        Drain();
    }

    private void Start(Func<string, string, string> text)
    {
        TimeSpan Duration(string name, string otherwise)
        {
            Assert.True(GoDuration.TryParse(text(name, otherwise), out TimeSpan value, out _));
            return value;
        }

        _node = new GossipNode(
            new GossipNodeOptions
            {
                Name = "n1",
                Advertise = Address("n1"),
                BindPort = 8301,
                Seed = 1,
                Tags = TagsOf(text("tags", string.Empty)),
                Gossip = GossipOptions.Lan with
                {
                    Compression = false,
                    GossipInterval = Duration("gossip", "1000h"),
                    PushPullInterval = Duration("push-pull", "1000h"),
                    ProbeInterval = Duration("probe", "1s"),
                    ReconnectInterval = Duration("reconnect", "1000h"),
                    ReconnectTimeout = Duration("reconnect-timeout", "72h"),
                },
            },
            _ => { });
        _node.Start(_now, SnapshotState.Empty);
    }

    /// <summary>Moves on from one planned moment to the next, so that everything shows its own time.</summary>
    private void Advance(string text)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan duration, out _));
        TimeSpan end = _now + duration;
        while (_node.NextWakeUp is { } due && due <= end)
        {
            _now = due;
            _node.Advance(_now);
            Drain();
        }

        _now = end;
        _node.Advance(_now);
    }

    private void Packet(byte[] message, MemberAddress from) => _node.HandlePacket(message, from, _now, _now);

    private void Serf(byte[] message, string from) => Packet([(byte)MessageType.User, .. message], Address(from));

    private void PushPull(string nodes, Func<string, string, string> text, Func<string, uint, uint> number, Func<string, bool> flag)
    {
        List<PushPullNode> list = [];
        foreach (string node in nodes.Split(','))
        {
            string[] parts = node.Split(':');
            list.Add(new PushPullNode(
                parts[0], Bytes(parts[0]), 8301, GossipTags.Encode(GossipTags.Empty), uint.Parse(parts[2], CultureInfo.InvariantCulture),
                Enum.Parse<NodeState>(parts[1], ignoreCase: true), [.. text("vsn", "1,5,2,2,5,4").Split(',').Select(byte.Parse)]));
        }

        List<KeyValuePair<string, ulong>> times = [.. Split(text("times", string.Empty)).Select(t => KeyValuePair.Create(t.Split(':')[0], ulong.Parse(t.Split(':')[1], CultureInfo.InvariantCulture)))];
        List<EventSlot?> events = [null, .. Split(text("events", string.Empty)).Select(e => new EventSlot(ulong.Parse(e.Split(':')[1], CultureInfo.InvariantCulture), [new RecordedEvent(e.Split(':')[0], null)]))];
        byte[] serf = new SerfPushPull(number("clock", 1), times, Split(text("left", string.Empty)), number("event-clock", 1), events, 1).Encode();
        byte[] message = new PushPullState(flag("join"), list, serf).Encode();
        if (flag("reply"))
        {
            _node.HandleStreamReply(_opened[^1].Stream, message, _now);
        }
        else
        {
            _node.HandleStreamRequest(new StreamId(++_stream, Incoming: true), Address(list[0].Name), message, _now);
        }
    }

    private static Alive AliveOf(string name, Func<string, string, string> text, Func<string, uint, uint> number) => new(
        number("inc", 1),
        name,
        Bytes(text("addr", name)),
        (ushort)number("port", 8301),
        GossipTags.Encode(TagsOf(text("tags", string.Empty))),
        text("vsn", "1,5,2,2,5,4") is { Length: > 0 } vsn ? [.. vsn.Split(',').Select(byte.Parse)] : []);

    private static QueryMessage QueryOf(string name, Func<string, string, string> text, Func<string, uint, uint> number, Func<string, bool> flag)
    {
        List<byte[]> filters = [];
        if (text("for", string.Empty) is { Length: > 0 } names)
        {
            filters.Add(QueryFilter.ForNodes(names.Split(',')));
        }

        if (text("tag", string.Empty) is { Length: > 0 } tag)
        {
            filters.Add(QueryFilter.ForTag(tag.Split('~')[0], tag.Split('~')[1]));
        }

        return new QueryMessage
        {
            LTime = number("at", 1), Id = number("id", 1), Addr = Bytes(text("to", "n2")), Port = 8301, SourceNode = text("to", "n2"),
            Filters = filters.Count == 0 ? null : filters,
            Flags = (flag("ack") ? QueryFlags.Ack : QueryFlags.None) | (flag("no-broadcast") ? QueryFlags.NoBroadcast : QueryFlags.None),
            RelayFactor = (byte)number("relay", 0), TimeoutNanoseconds = 3_000_000_000, Name = name,
            Payload = text("payload", string.Empty) is { Length: > 0 } payload ? Encoding.UTF8.GetBytes(payload) : null,
        };
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> TagsOf(string text) =>
        GossipTags.From(Split(text).Select(t => KeyValuePair.Create(t.Split(':')[0], t.Split(':')[1])));

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Bytes(string name) => Address(name).Ip.GetAddressBytes();

    private static ProbeSource Source(string name) => new(Bytes(name), 8301, name);

    private static MemberAddress Address(string name) =>
        new(new IPAddress([10, 0, 0, name is ['n', ..] && byte.TryParse(name[1..], out byte number) ? number : (byte)200]), 8301);

    private void Members()
    {
        foreach (Member m in _node.Members().All)
        {
            Write($"{m.Name} {m.Address} {m.Status.ToConsulText()} {string.Join(',', m.Tags.Select(t => $"{t.Key}={t.Value}"))}".TrimEnd());
        }
    }

    private void Drain()
    {
        foreach (GossipEffect effect in _node.TakeEffects())
        {
            switch (effect)
            {
                case SendPacket send when _autoAck && ProbeSequence(send.Datagram) is { } sequence:
                    Packet(new Ack(sequence, Payload: null).Encode(), send.To);
                    break;
                case SendPacket send: Write($"send {Place(send.To)}: {MessageSummary.OfPacket(send.Datagram)}"); break;
                case OpenStream open:
                    _opened.Add(open);
                    Write($"stream to {Place(open.To)}: {MessageSummary.Of(open.Message)}");
                    break;
                case ReplyOnStream reply: Write($"reply: {MessageSummary.Of(reply.Message)}"); break;
                case CloseStream: Write("close stream"); break;
                case MemberEvent e: Write($"event {e.Kind.ToString().ToLowerInvariant()} {e.Member.Name}"); break;
                case UserEventDelivered e: Write($"user event {e.Name} @{e.LTime}"); break;
                case QueryDelivered q: Write($"query {q.Name} from {q.SourceNode}"); break;
                case OperationCompleted done: Write($"operation {done.Operation.Value}: {done.Error ?? "done"}"); break;
                case GossipLog { Level: not GossipLogLevel.Debug } log: Write($"{log.Level}: {log.Text}"); break;
            }
        }
    }

    private static uint? ProbeSequence(byte[] datagram)
    {
        byte[] message = datagram[0] == (byte)MessageType.HasCrc ? datagram[5..] : datagram;
        if (message[0] == (byte)MessageType.Compound)
        {
            byte[] body = message[1..];
            message = body[CompoundPacket.Decode(body, out _)[0]];
        }

        return message[0] == (byte)MessageType.Ping ? Ping.Decode(message.AsSpan(1)).SeqNo : null;
    }

    private static string Place(MemberAddress address) => $"n{address.Ip.GetAddressBytes()[3]}";

    private void Write(string text) => _output.Append(CultureInfo.InvariantCulture, $"{_now.TotalSeconds,10:0.000} {text}\n");
}
