using System.Buffers;
using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Snapshots;

/// <summary>
/// The state as a stream of records in the layout of Consul's <c>state.bin</c>: a header map with <c>LastIndex</c>, then
/// a type byte and a MessagePack map per record.
/// </summary>
public static class SnapshotWriter
{
    /// <summary>Chunks are handed out when they reach this size, so that a snapshot never stands in memory as a whole.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The snapshot in pieces. A piece is valid until the next one is asked for.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Write(StateSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * ChunkBytes);
        WriteHeader(buffer, snapshot.AppliedIndex);
        foreach (int written in WriteRecords(buffer, snapshot.Tables))
        {
            if (written >= ChunkBytes)
            {
                yield return buffer.WrittenMemory;
                buffer.ResetWrittenCount();
            }
        }

        yield return buffer.WrittenMemory;
    }

    private static void WriteHeader(ArrayBufferWriter<byte> buffer, ulong lastIndex)
    {
        var writer = new MsgPackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.Field("LastIndex"u8, lastIndex);
    }

    /// <summary>Writes one record per step.</summary>
    /// <returns>After each, how much stands in the buffer.</returns>
    private static IEnumerable<int> WriteRecords(ArrayBufferWriter<byte> buffer, Tables tables)
    {
        foreach (NodeRecord node in tables.Nodes.All())
        {
            Command(buffer, new RegisterCommand { Node = node });
            yield return buffer.WrittenCount;
            foreach (ServiceRecord service in tables.Services.Prefix(StateKeys.FoldedPrefix(node.Node)))
            {
                Command(buffer, new RegisterCommand { Node = node, Service = service });
                yield return buffer.WrittenCount;
            }

            foreach (CheckRecord check in tables.Checks.Prefix(StateKeys.FoldedPrefix(node.Node)))
            {
                Command(buffer, new RegisterCommand { Node = node, Checks = [check] });
                yield return buffer.WrittenCount;
            }
        }

        foreach (CoordinateRecord coordinate in tables.Coordinates.All())
        {
            Command(buffer, new CoordinateCommand([coordinate]));
            yield return buffer.WrittenCount;
        }

        foreach (SessionRecord session in tables.Sessions.All())
        {
            SessionCodec.Write(Frame(buffer, CommandType.Session), session);
            yield return buffer.WrittenCount;
        }

        foreach (KvRecord entry in tables.Kv.All())
        {
            KvCodec.Write(Frame(buffer, CommandType.Kv), entry);
            yield return buffer.WrittenCount;
        }

        foreach (TombstoneRecord tombstone in tables.Tombstones.All())
        {
            KvCodec.Write(Frame(buffer, CommandType.Tombstone), new KvRecord { Key = tombstone.Key, ModifyIndex = tombstone.Index });
            yield return buffer.WrittenCount;
        }

        if (tables.Autopilot is { } autopilot)
        {
            AutopilotCodec.Write(Frame(buffer, CommandType.Autopilot), autopilot);
            yield return buffer.WrittenCount;
        }

        foreach (IndexRecord index in tables.Indexes.All())
        {
            MsgPackWriter writer = Frame(buffer, CommandType.Index);
            writer.WriteMapHeader(2);
            writer.Field("Key"u8, index.Name);
            writer.Field("Value"u8, index.Value);
            yield return buffer.WrittenCount;
        }
    }

    private static void Command(ArrayBufferWriter<byte> buffer, StateCommand command) =>
        command.WriteBody(Frame(buffer, command.Type));

    private static MsgPackWriter Frame(ArrayBufferWriter<byte> buffer, CommandType type)
    {
        buffer.GetSpan(1)[0] = (byte)type;
        buffer.Advance(1);
        return new MsgPackWriter(buffer);
    }
}
