using System.Text;
using System.Text.Json.Nodes;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Wire;

/// <summary>
/// Decodes a message with the product's decoders and tells what it holds in the form of the captured vectors, so that the two
/// can be compared as JSON.
/// </summary>
internal static class MessageDescription
{
    public static JsonObject Describe(byte[] message) => (message.Length == 0 ? throw new ArgumentException("empty") : (MessageType)message[0]) switch
    {
        MessageType.Ping => Body("ping", Of(Ping.Decode(message.AsSpan(1)))),
        MessageType.IndirectPing => Body("indirectPing", Of(IndirectPing.Decode(message.AsSpan(1)))),
        MessageType.Ack => Body("ack", Of(Ack.Decode(message.AsSpan(1)))),
        MessageType.Nack => Body("nack", new JsonObject { ["SeqNo"] = Nack.Decode(message.AsSpan(1)).SeqNo }),
        MessageType.Alive => Body("alive", Of(Alive.Decode(message.AsSpan(1)))),
        MessageType.Suspect => Body("suspect", OfSuspect(Suspect.Decode(message.AsSpan(1)))),
        MessageType.Dead => Body("dead", OfDead(Dead.Decode(message.AsSpan(1)))),
        MessageType.Error => Body("err", new JsonObject { ["Error"] = ErrorMessage.Decode(message.AsSpan(1)).Error }),
        MessageType.Compound => OfCompound(message),
        MessageType.Compress => OfCompress(message),
        MessageType.User => new JsonObject { ["msg"] = "user", ["inner"] = OfSerf(message[1..]) },
        MessageType.PushPull => OfPushPull(PushPullState.Decode(message.AsSpan(1))),
        _ => throw new ArgumentException($"type {message[0]}"),
    };

    private static JsonObject Body(string name, JsonObject body) => new() { ["msg"] = name, ["body"] = body };

    private static JsonObject Of(Ping ping)
    {
        var body = new JsonObject { ["Node"] = ping.Node, ["SeqNo"] = ping.SeqNo };
        AddSource(body, ping.Source);
        return body;
    }

    private static JsonObject Of(IndirectPing ping)
    {
        var body = new JsonObject
        {
            ["Nack"] = ping.Nack, ["Node"] = ping.Node, ["Port"] = ping.Port, ["SeqNo"] = ping.SeqNo, ["Target"] = Hex(ping.Target),
        };
        AddSource(body, ping.Source);
        return body;
    }

    private static void AddSource(JsonObject body, ProbeSource source)
    {
        if (source.Addr.Length > 0)
        {
            body["SourceAddr"] = Hex(source.Addr);
            body["SourceNode"] = source.Node;
            body["SourcePort"] = source.Port;
        }
    }

    private static JsonObject Of(Ack ack) => new() { ["Payload"] = OfCoordinate(ack.Payload), ["SeqNo"] = ack.SeqNo };

    private static JsonObject? OfCoordinate(byte[]? payload)
    {
        if (payload is null)
        {
            return null;
        }

        Coordinate c = CoordinateCodec.Decode(payload);
        return new JsonObject
        {
            ["ver"] = 1,
            ["coord"] = new JsonObject
            {
                ["Adjustment"] = c.Adjustment,
                ["Error"] = c.Error,
                ["Height"] = c.Height,
                ["Vec"] = new JsonArray([.. c.Vec.Select(v => (JsonNode)v)]),
            },
        };
    }

    private static JsonObject Of(Alive a) => new()
    {
        ["Addr"] = Hex(a.Addr), ["Incarnation"] = a.Incarnation, ["Meta"] = Hex(a.Meta), ["Node"] = a.Node, ["Port"] = a.Port, ["Vsn"] = Hex(a.Vsn),
    };

    private static JsonObject OfSuspect(Suspect s) => new() { ["From"] = s.From, ["Incarnation"] = s.Incarnation, ["Node"] = s.Node };

    private static JsonObject OfDead(Dead d) => new() { ["From"] = d.From, ["Incarnation"] = d.Incarnation, ["Node"] = d.Node };

    private static JsonObject OfCompound(byte[] message)
    {
        List<Range> parts = CompoundPacket.Decode(message.AsSpan(1), out int truncated);
        Assert.Equal(0, truncated);
        byte[] body = message[1..];
        return new JsonObject
        {
            ["msg"] = "compound",
            ["lens"] = new JsonArray([.. parts.Select(p => (JsonNode)body[p].Length)]),
            ["parts"] = new JsonArray([.. parts.Select(p => (JsonNode)Describe(body[p]))]),
        };
    }

    private static JsonObject OfCompress(byte[] message)
    {
        byte[] inner = Compression.Unwrap(message.AsSpan(1), WireLimits.StreamInflatedBytesMax);
        return new JsonObject
        {
            ["msg"] = "compress", ["Algo"] = 0, ["buflen"] = Lzw.Compress(inner).Length, ["rawlen"] = inner.Length, ["inner"] = Describe(inner),
        };
    }

    private static JsonObject OfPushPull(PushPullState state)
    {
        var nodes = new JsonArray();
        foreach (PushPullNode n in state.Nodes)
        {
            nodes.Add(new JsonObject
            {
                ["Addr"] = Hex(n.Addr), ["Incarnation"] = n.Incarnation, ["Meta"] = Hex(n.Meta), ["Name"] = n.Name, ["Port"] = n.Port,
                ["State"] = (int)n.State, ["Vsn"] = Hex(n.Vsn),
            });
        }

        return new JsonObject
        {
            ["msg"] = "pushPull",
            ["header"] = new JsonObject { ["Join"] = state.Join, ["Nodes"] = state.Nodes.Count, ["UserStateLen"] = state.UserState.Length },
            ["nodes"] = nodes,
            ["userstate"] = OfSerf(state.UserState),
        };
    }

    private static JsonObject OfSerf(byte[] message)
    {
        if (message.Length == 0)
        {
            throw new ArgumentException("empty");
        }

        ReadOnlySpan<byte> body = message.AsSpan(1);
        switch ((SerfMessageType)message[0])
        {
            case SerfMessageType.Join:
                JoinIntent join = JoinIntent.Decode(body);
                return Serf("join", new JsonObject { ["LTime"] = join.LTime, ["Node"] = join.Node });
            case SerfMessageType.Leave:
                LeaveIntent leave = LeaveIntent.Decode(body);
                return Serf("leave", new JsonObject { ["LTime"] = leave.LTime, ["Node"] = leave.Node, ["Prune"] = leave.Prune });
            case SerfMessageType.UserEvent:
                UserEventMessage e = UserEventMessage.Decode(body);
                return Serf("userEvent", new JsonObject { ["CC"] = e.Coalesce, ["LTime"] = e.LTime, ["Name"] = e.Name, ["Payload"] = Text(e.Payload) });
            case SerfMessageType.Query:
                return Serf("query", Of(QueryMessage.Decode(body)));
            case SerfMessageType.QueryResponse:
                QueryResponseMessage r = QueryResponseMessage.Decode(body);
                return Serf("queryResponse", new JsonObject
                {
                    ["Flags"] = (uint)r.Flags, ["From"] = r.From, ["ID"] = r.Id, ["LTime"] = r.LTime, ["Payload"] = Text(r.Payload),
                });
            case SerfMessageType.PushPull:
                return Serf("pushPull", Of(SerfPushPull.Decode(body)));
            case SerfMessageType.Relay:
                RelayMessage relay = RelayMessage.Decode(body);
                return new JsonObject
                {
                    ["serf"] = "relay",
                    ["header"] = new JsonObject
                    {
                        ["DestAddr"] = new JsonObject { ["IP"] = Hex(relay.DestIp), ["Port"] = relay.DestPort, ["Zone"] = string.Empty },
                        ["DestName"] = relay.DestName,
                    },
                    ["inner"] = OfSerf(relay.Message),
                };
            default:
                throw new ArgumentException($"serf type {message[0]}");
        }
    }

    private static JsonObject Serf(string name, JsonObject body) => new() { ["serf"] = name, ["body"] = body };

    private static JsonObject Of(QueryMessage q) => new()
    {
        ["Addr"] = Hex(q.Addr),
        ["Filters"] = q.Filters is null ? null : new JsonArray([.. q.Filters.Select(f => (JsonNode?)Text(f))]),
        ["Flags"] = (uint)q.Flags,
        ["ID"] = q.Id,
        ["LTime"] = q.LTime,
        ["Name"] = q.Name,
        ["Payload"] = Text(q.Payload),
        ["Port"] = q.Port,
        ["RelayFactor"] = q.RelayFactor,
        ["SourceNode"] = q.SourceNode,
        ["Timeout"] = q.TimeoutNanoseconds,
    };

    private static JsonObject Of(SerfPushPull p)
    {
        var used = new JsonObject();
        for (int i = 0; i < p.Events.Count; i++)
        {
            if (p.Events[i] is { } slot)
            {
                used[i.ToString()] = new JsonObject
                {
                    ["Events"] = new JsonArray([.. slot.Events.Select(e => new JsonObject { ["Name"] = e.Name, ["Payload"] = Text(e.Payload) })]),
                    ["LTime"] = slot.LTime,
                };
            }
        }

        var status = new JsonObject();
        foreach ((string name, ulong lTime) in p.StatusLTimes)
        {
            status[name] = lTime;
        }

        return new JsonObject
        {
            ["EventLTime"] = p.EventLTime,
            ["Events"] = new JsonObject { ["array_len"] = p.Events.Count, ["non_nil"] = used },
            ["LTime"] = p.LTime,
            ["LeftMembers"] = new JsonArray([.. p.LeftMembers.Select(n => (JsonNode)n)]),
            ["QueryLTime"] = p.QueryLTime,
            ["StatusLTimes"] = status,
        };
    }

    private static string? Hex(byte[]? bytes) => bytes is null ? null : "hex:" + Convert.ToHexStringLower(bytes);

    /// <summary>The vectors show printable bytes as text and others in hex.</summary>
    private static string? Text(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        return bytes.All(b => b is >= 0x20 and < 0x7f) ? Encoding.ASCII.GetString(bytes) : Hex(bytes);
    }
}
