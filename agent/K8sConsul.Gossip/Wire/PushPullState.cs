using System.Buffers;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>memberlist's state of a member, as push/pull carries it.</summary>
internal enum NodeState
{
    Alive = 0,
    Suspect = 1,
    Dead = 2,
    Left = 3,
}

/// <summary>One member in a push/pull.</summary>
internal readonly record struct PushPullNode(
    string Name, byte[] Addr, ushort Port, byte[]? Meta, uint Incarnation, NodeState State, byte[] Vsn);

/// <summary>Everything one member knows, as exchanged over a stream: header, nodes, and Serf's state as opaque bytes.</summary>
internal sealed record PushPullState(bool Join, IReadOnlyList<PushPullNode> Nodes, byte[] UserState)
{
    private static readonly byte[][] HeaderFields = WireFields.Names("Nodes", "UserStateLen", "Join");

    private static readonly byte[][] NodeFields =
        WireFields.Names("Name", "Addr", "Port", "Meta", "Incarnation", "State", "Vsn");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)MessageType.PushPull, sizeHint: 128 + (Nodes.Count * 256) + UserState.Length);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(3);
        writer.WriteText("Join");
        writer.WriteBool(Join);
        writer.WriteText("Nodes");
        writer.WriteInt(Nodes.Count);
        writer.WriteText("UserStateLen");
        writer.WriteInt(UserState.Length);
        foreach (PushPullNode node in Nodes)
        {
            WriteNode(writer, node);
        }

        output.Write(UserState);
        return output.WrittenSpan.ToArray();
    }

    public static PushPullState Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        PushPullHeader header = ReadHeader(ref reader);
        var nodes = new List<PushPullNode>(Math.Min(header.NodeCount, reader.Remaining.Length));
        for (int i = 0; i < header.NodeCount; i++)
        {
            nodes.Add(ReadNode(ref reader));
        }

        ReadOnlySpan<byte> rest = reader.Remaining;
        return rest.Length >= header.UserStateLength
            ? new PushPullState(header.Join, nodes, rest[..header.UserStateLength].ToArray())
            : throw new GossipFormatException($"Failed to read full user state ({rest.Length} / {header.UserStateLength})");
    }

    public static PushPullHeader ReadHeader(ref MsgPackReader reader)
    {
        StructReader fields = StructReader.Begin(ref reader);
        (bool join, long nodes, long userState) = (false, 0L, 0L);
        while (fields.Next(ref reader, HeaderFields, out int field))
        {
            switch (field)
            {
                case 0: nodes = reader.ReadInt(); break;
                case 1: userState = reader.ReadInt(); break;
                default: join = reader.ReadBool(); break;
            }
        }

        if (nodes is < 0 or > WireLimits.PushPullNodeCountMax)
        {
            throw new GossipFormatException($"Remote node state has {nodes} nodes");
        }

        return userState is >= 0 and <= WireLimits.StreamFrameBytesMax
            ? new PushPullHeader(join, (int)nodes, (int)userState)
            : throw new GossipFormatException($"Remote user state is larger than limit ({userState})");
    }

    private static void WriteNode(MsgPackWriter writer, in PushPullNode node)
    {
        writer.WriteMapHeader(7);
        writer.WriteText("Addr");
        writer.WriteRaw(node.Addr);
        writer.WriteText("Incarnation");
        writer.WriteUInt(node.Incarnation);
        writer.WriteText("Meta");
        writer.WriteNullableRaw(node.Meta);
        writer.WriteText("Name");
        writer.WriteText(node.Name);
        writer.WriteText("Port");
        writer.WriteUInt(node.Port);
        writer.WriteText("State");
        writer.WriteInt((int)node.State);
        writer.WriteText("Vsn");
        writer.WriteRaw(node.Vsn);
    }

    private static PushPullNode ReadNode(ref MsgPackReader reader)
    {
        StructReader fields = StructReader.Begin(ref reader);
        var node = new PushPullNode(string.Empty, [], 0, null, 0, NodeState.Alive, []);
        while (fields.Next(ref reader, NodeFields, out int field))
        {
            node = field switch
            {
                0 => node with { Name = reader.ReadName() },
                1 => node with { Addr = reader.ReadAddress() },
                2 => node with { Port = reader.ReadPort() },
                3 => node with { Meta = reader.ReadBytes() },
                4 => node with { Incarnation = reader.ReadUInt32() },
                5 => node with { State = ReadState(ref reader) },
                _ => node with { Vsn = reader.ReadVersions() },
            };
        }

        return node;
    }

    private static NodeState ReadState(ref MsgPackReader reader)
    {
        long state = reader.ReadInt();
        return state is >= 0 and <= (long)NodeState.Left
            ? (NodeState)state
            : throw new GossipFormatException($"member state {state}");
    }
}

internal readonly record struct PushPullHeader(bool Join, int NodeCount, int UserStateLength);
