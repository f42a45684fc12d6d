using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Sessions with the field names of Consul's own snapshot records.</summary>
internal static class SessionCodec
{
    public static void Write(MsgPackWriter writer, SessionRecord session)
    {
        writer.WriteMapHeader(10);
        writer.Field("Behavior"u8, session.Behavior);
        writer.Field("CreateIndex"u8, session.CreateIndex);
        writer.Field("ID"u8, session.Id);
        writer.Field("LockDelay"u8, session.LockDelay);
        writer.Field("ModifyIndex"u8, session.ModifyIndex);
        writer.Field("Name"u8, session.Name);
        writer.Field("Node"u8, session.Node);
        writer.Field("NodeChecks"u8, session.NodeChecks);
        WriteServiceChecks(writer, session.ServiceChecks);
        writer.Field("TTL"u8, session.Ttl);
    }

    public static SessionRecord Read(ref MsgPackReader reader)
    {
        var session = new SessionRecord { Id = string.Empty, Node = string.Empty };
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            session = name switch
            {
                _ when name.SequenceEqual("Behavior"u8) => session with { Behavior = reader.ReadText() },
                _ when name.SequenceEqual("CreateIndex"u8) => session with { CreateIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("ID"u8) => session with { Id = reader.ReadText() },
                _ when name.SequenceEqual("LockDelay"u8) => session with { LockDelay = reader.ReadDuration() },
                _ when name.SequenceEqual("ModifyIndex"u8) => session with { ModifyIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("Name"u8) => session with { Name = reader.ReadText() },
                _ when name.SequenceEqual("Node"u8) => session with { Node = reader.ReadText() },
                _ when name.SequenceEqual("NodeChecks"u8) => session with { NodeChecks = reader.ReadTexts() },
                _ when name.SequenceEqual("ServiceChecks"u8) => session with { ServiceChecks = ReadServiceChecks(ref reader) },
                _ when name.SequenceEqual("TTL"u8) => session with { Ttl = reader.ReadText() },
                _ => CatalogCodec.Skip(ref reader, session),
            };
        }

        return session;
    }

    /// <summary>None is nil, which a Consul that restores the record shows as <c>null</c>, as it does for its own sessions.</summary>
    private static void WriteServiceChecks(MsgPackWriter writer, IReadOnlyList<SessionServiceCheck> checks)
    {
        writer.WriteRaw("ServiceChecks"u8);
        if (checks.Count == 0)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteListHeader(checks.Count);
        foreach (SessionServiceCheck check in checks)
        {
            writer.WriteMapHeader(2);
            writer.Field("ID"u8, check.Id);
            writer.Field("Namespace"u8, check.Namespace);
        }
    }

    private static List<SessionServiceCheck> ReadServiceChecks(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var checks = new List<SessionServiceCheck>(count);
        for (int i = 0; i < count; i++)
        {
            SessionServiceCheck check = new(string.Empty, string.Empty);
            for (int left = reader.ReadMapHeader(); left > 0; left--)
            {
                ReadOnlySpan<byte> name = reader.ReadTextBytes();
                check = name switch
                {
                    _ when name.SequenceEqual("ID"u8) => check with { Id = reader.ReadText() },
                    _ when name.SequenceEqual("Namespace"u8) => check with { Namespace = reader.ReadText() },
                    _ => CatalogCodec.Skip(ref reader, check),
                };
            }

            checks.Add(check);
        }

        return checks;
    }
}
