using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>One event as it is remembered: equal name and payload at one Lamport time is the same event.</summary>
internal sealed record RecordedEvent(string Name, byte[]? Payload)
{
    public bool IsSame(string name, byte[]? payload) => Name == name && Payload.AsSpan().SequenceEqual(payload);
}

/// <summary>A slot of the ring of recent events: all events of one Lamport time.</summary>
internal sealed record EventSlot(ulong LTime, IReadOnlyList<RecordedEvent> Events);

/// <summary>
/// Serf's share of a push/pull. Go peers send their whole ring with nil for free slots; receivers skip nil, so we send only
/// the slots in use.
/// </summary>
internal sealed record SerfPushPull(
    ulong LTime,
    IReadOnlyList<KeyValuePair<string, ulong>> StatusLTimes,
    IReadOnlyList<string> LeftMembers,
    ulong EventLTime,
    IReadOnlyList<EventSlot?> Events,
    ulong QueryLTime)
{
    private static readonly byte[][] Fields =
        WireFields.Names("LTime", "StatusLTimes", "LeftMembers", "EventLTime", "Events", "QueryLTime");

    private static readonly byte[][] SlotFields = WireFields.Names("LTime", "Events");
    private static readonly byte[][] EventFields = WireFields.Names("Name", "Payload");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.PushPull, sizeHint: 256 + (StatusLTimes.Count * 32));
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(6);
        writer.WriteText("EventLTime");
        writer.WriteUInt(EventLTime);
        writer.WriteText("Events");
        WriteEvents(writer);
        writer.WriteText("LTime");
        writer.WriteUInt(LTime);
        writer.WriteText("LeftMembers");
        writer.WriteListHeader(LeftMembers.Count);
        foreach (string name in LeftMembers)
        {
            writer.WriteText(name);
        }

        writer.WriteText("QueryLTime");
        writer.WriteUInt(QueryLTime);
        writer.WriteText("StatusLTimes");
        writer.WriteMapHeader(StatusLTimes.Count);
        foreach ((string name, ulong lTime) in StatusLTimes)
        {
            writer.WriteText(name);
            writer.WriteUInt(lTime);
        }

        return output.WrittenSpan.ToArray();
    }

    public static SerfPushPull Decode(ReadOnlySpan<byte> body)
    {
        var reader = new MsgPackReader(body);
        StructReader fields = StructReader.Begin(ref reader);
        var message = new SerfPushPull(0, [], [], 0, [], 0);
        while (fields.Next(ref reader, Fields, out int field))
        {
            message = field switch
            {
                0 => message with { LTime = reader.ReadUInt() },
                1 => message with { StatusLTimes = ReadStatus(ref reader) },
                2 => message with { LeftMembers = ReadLeft(ref reader) },
                3 => message with { EventLTime = reader.ReadUInt() },
                4 => message with { Events = ReadEvents(ref reader) },
                _ => message with { QueryLTime = reader.ReadUInt() },
            };
        }

        return message;
    }

    private void WriteEvents(MsgPackWriter writer)
    {
        writer.WriteListHeader(Events.Count);
        foreach (EventSlot? slot in Events)
        {
            if (slot is null)
            {
                writer.WriteNil();
                continue;
            }

            writer.WriteMapHeader(2);
            writer.WriteText("Events");
            writer.WriteListHeader(slot.Events.Count);
            foreach (RecordedEvent recorded in slot.Events)
            {
                writer.WriteMapHeader(2);
                writer.WriteText("Name");
                writer.WriteText(recorded.Name);
                writer.WriteText("Payload");
                writer.WriteNullableRaw(recorded.Payload);
            }

            writer.WriteText("LTime");
            writer.WriteUInt(slot.LTime);
        }
    }

    private static List<KeyValuePair<string, ulong>> ReadStatus(ref MsgPackReader reader)
    {
        int count = reader.ReadMapHeader();
        CheckCount(count, WireLimits.PushPullNodeCountMax, "member times");
        var status = new List<KeyValuePair<string, ulong>>(count);
        for (; count > 0; count--)
        {
            string name = reader.ReadName();
            status.Add(new KeyValuePair<string, ulong>(name, reader.ReadUInt()));
        }

        return status;
    }

    private static List<string> ReadLeft(ref MsgPackReader reader)
    {
        int count = reader.ReadListHeader();
        CheckCount(count, WireLimits.PushPullNodeCountMax, "left members");
        var left = new List<string>(count);
        for (; count > 0; count--)
        {
            left.Add(reader.ReadName());
        }

        return left;
    }

    private static List<EventSlot?> ReadEvents(ref MsgPackReader reader)
    {
        int count = reader.ReadListHeader();
        CheckCount(count, WireLimits.EventSlotCountMax, "event slots");
        var slots = new List<EventSlot?>(count);
        for (; count > 0; count--)
        {
            if (reader.TryReadNil())
            {
                slots.Add(null);
                continue;
            }

            StructReader fields = StructReader.Begin(ref reader);
            (ulong lTime, List<RecordedEvent> events) = (0UL, []);
            while (fields.Next(ref reader, SlotFields, out int field))
            {
                switch (field)
                {
                    case 0: lTime = reader.ReadUInt(); break;
                    default: events = ReadSlot(ref reader); break;
                }
            }

            slots.Add(new EventSlot(lTime, events));
        }

        return slots;
    }

    private static List<RecordedEvent> ReadSlot(ref MsgPackReader reader)
    {
        int count = reader.ReadListHeader();
        CheckCount(count, WireLimits.EventSlotCountMax, "events of one time");
        var events = new List<RecordedEvent>(count);
        for (; count > 0; count--)
        {
            StructReader fields = StructReader.Begin(ref reader);
            (string name, byte[]? payload) = (string.Empty, null);
            while (fields.Next(ref reader, EventFields, out int field))
            {
                switch (field)
                {
                    case 0: name = reader.ReadName(); break;
                    default: payload = reader.ReadBytes(); break;
                }
            }

            events.Add(new RecordedEvent(name, payload));
        }

        return events;
    }

    private static void CheckCount(int count, int max, string what)
    {
        if (count > max)
        {
            throw new GossipFormatException($"{count} {what}");
        }
    }
}
