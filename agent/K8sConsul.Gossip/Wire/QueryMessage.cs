using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

[Flags]
internal enum QueryFlags : uint
{
    None = 0,

    /// <summary>In a query: confirm receipt. In an answer: this is the confirmation.</summary>
    Ack = 1,
    NoBroadcast = 2,
}

/// <summary>A question to all members that pass the filters.</summary>
internal sealed record QueryMessage
{
    private static readonly byte[][] Fields = WireFields.Names(
        "LTime", "ID", "Addr", "Port", "SourceNode", "Filters", "Flags", "RelayFactor", "Timeout", "Name", "Payload");

    public ulong LTime { get; init; }

    public uint Id { get; init; }

    /// <summary>Where answers go.</summary>
    public byte[] Addr { get; init; } = [];

    public ushort Port { get; init; }

    public string SourceNode { get; init; } = string.Empty;

    /// <summary>Encoded <see cref="QueryFilter"/>s; null as Go writes no filters.</summary>
    public IReadOnlyList<byte[]>? Filters { get; init; }

    public QueryFlags Flags { get; init; }

    public byte RelayFactor { get; init; }

    public long TimeoutNanoseconds { get; init; }

    public string Name { get; init; } = string.Empty;

    public byte[]? Payload { get; init; }

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.Query, sizeHint: 256);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(11);
        writer.WriteText("Addr");
        writer.WriteRaw(Addr);
        writer.WriteText("Filters");
        if (Filters is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteListHeader(Filters.Count);
            foreach (byte[] filter in Filters)
            {
                writer.WriteRaw(filter);
            }
        }

        writer.WriteText("Flags");
        writer.WriteUInt((uint)Flags);
        writer.WriteText("ID");
        writer.WriteUInt(Id);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("Name");
        writer.WriteText(Name);
        writer.WriteText("Payload");
        writer.WriteNullableRaw(Payload);
        writer.WriteText("Port");
        writer.WriteUInt(Port);
        writer.WriteText("RelayFactor");
        writer.WriteUInt(RelayFactor);
        writer.WriteText("SourceNode");
        writer.WriteText(SourceNode);
        writer.WriteText("Timeout");
        writer.WriteInt(TimeoutNanoseconds);
        return output.WrittenSpan.ToArray();
    }

    public static QueryMessage Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var query = new QueryMessage();
        while (fields.Next(ref reader, Fields, out int field))
        {
            query = field switch
            {
                0 => query with { LTime = reader.ReadUInt() },
                1 => query with { Id = reader.ReadUInt32() },
                2 => query with { Addr = reader.ReadAddress() },
                3 => query with { Port = reader.ReadPort() },
                4 => query with { SourceNode = reader.ReadName() },
                5 => query with { Filters = ReadFilters(ref reader) },
                6 => query with { Flags = (QueryFlags)reader.ReadUInt32() },
                7 => query with { RelayFactor = reader.ReadByteValue() },
                8 => query with { TimeoutNanoseconds = reader.ReadInt() },
                9 => query with { Name = reader.ReadName() },
                _ => query with { Payload = reader.ReadBytes() },
            };
        }

        return query;
    }

    private static List<byte[]>? ReadFilters(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        int count = reader.ReadListHeader();
        if (count > WireLimits.QueryFilterCountMax)
        {
            throw new GossipFormatException($"{count} filters");
        }

        var filters = new List<byte[]>(count);
        for (; count > 0; count--)
        {
            filters.Add(reader.ReadBytes() ?? []);
        }

        return filters;
    }
}
