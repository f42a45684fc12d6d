using System.Buffers;
using K8sConsul.MessagePack;

namespace K8sConsul.State.Commands;

/// <summary>First byte of a log entry and of a snapshot record: Consul's numbers.</summary>
public enum CommandType : byte
{
    Register = 0,
    Deregister = 1,
    Kv = 2,
    Session = 3,
    Tombstone = 5,
    CoordinateBatch = 6,
    Txn = 8,
    Autopilot = 9,

    /// <summary>Snapshots only.</summary>
    Index = 16,

    /// <summary>The log only, and ours: Consul restores beside its log.</summary>
    Restore = 200,
}

/// <summary>
/// A change to the state, as it stands in the log. Everything that needs a clock, randomness or a second look (IDs, lock
/// delay, validation) was settled by the leader before, so that every replica applies it alike.
/// </summary>
public abstract record StateCommand
{
    public abstract CommandType Type { get; }

    /// <summary>The log entry: the type byte and a MessagePack map.</summary>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>(SizeHint);
        buffer.GetSpan(1)[0] = (byte)Type;
        buffer.Advance(1);
        WriteBody(new MsgPackWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="MsgPackFormatException">The entry is damaged or from a version with commands unknown here.</exception>
    public static StateCommand Decode(ReadOnlySpan<byte> entry)
    {
        if (entry.IsEmpty)
        {
            throw new MsgPackFormatException("an empty log entry holds no command");
        }

        var reader = new MsgPackReader(entry[1..]);
        StateCommand command = (CommandType)entry[0] switch
        {
            CommandType.Register => RegisterCommand.Read(ref reader),
            CommandType.Deregister => DeregisterCommand.Read(ref reader),
            CommandType.Kv => KvCommand.Read(ref reader),
            CommandType.Session => SessionCommand.Read(ref reader),
            CommandType.Tombstone => TombstoneCommand.Read(ref reader),
            CommandType.CoordinateBatch => CoordinateCommand.Read(ref reader),
            CommandType.Txn => TxnCommand.Read(ref reader),
            CommandType.Autopilot => AutopilotCommand.Read(ref reader),
            CommandType.Restore => RestoreCommand.Read(ref reader),
            _ => throw new MsgPackFormatException($"command type {entry[0]} is unknown to this version"),
        };
        return reader.AtEnd ? command : throw new MsgPackFormatException($"{reader.Remaining.Length} bytes follow a command");
    }

    /// <summary>A guess at the encoded size, to spare growing the buffer.</summary>
    protected virtual int SizeHint => 256;

    protected internal abstract void WriteBody(MsgPackWriter writer);
}
