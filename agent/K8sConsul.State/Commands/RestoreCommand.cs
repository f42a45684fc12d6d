using K8sConsul.MessagePack;
using K8sConsul.State.Codec;

namespace K8sConsul.State.Commands;

/// <summary>Where in a restore a command stands.</summary>
public enum RestoreStep
{
    /// <summary>Forget what an earlier restore has sent, and expect pieces.</summary>
    Begin,

    /// <summary>A piece of a snapshot, in order.</summary>
    Piece,

    /// <summary>All pieces were sent: the state becomes what they hold.</summary>
    Commit,
}

/// <summary>
/// Replaces the whole state by a snapshot that travels through the log in pieces, so that every replica does it at the same
/// entry. Readers see the old state until the commit. A restore that its leader did not finish is dropped by the next.
/// </summary>
/// <param name="Restore">Names the restore, so that pieces of two never mix.</param>
public sealed record RestoreCommand(string Restore, RestoreStep Step, byte[] Data) : StateCommand
{
    /// <summary>Size of the pieces that a snapshot is cut into.</summary>
    public const int PieceBytes = 512 * 1024;

    /// <summary>Drops what an unfinished restore has sent, and expects nothing.</summary>
    public static RestoreCommand Abandon { get; } = new(string.Empty, RestoreStep.Begin, []);

    public override CommandType Type => CommandType.Restore;

    protected override int SizeHint => 128 + Data.Length;

    internal static RestoreCommand Read(ref MsgPackReader reader)
    {
        RestoreCommand command = Abandon;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            command = name switch
            {
                _ when name.SequenceEqual("Data"u8) => command with { Data = reader.ReadBytes() ?? [] },
                _ when name.SequenceEqual("Restore"u8) => command with { Restore = reader.ReadText() },
                _ when name.SequenceEqual("Step"u8) => command with { Step = ReadStep(ref reader) },
                _ => CatalogCodec.Skip(ref reader, command),
            };
        }

        return command;
    }

    private static RestoreStep ReadStep(ref MsgPackReader reader) => reader.ReadUInt32() switch
    {
        (uint)RestoreStep.Begin => RestoreStep.Begin,
        (uint)RestoreStep.Piece => RestoreStep.Piece,
        (uint)RestoreStep.Commit => RestoreStep.Commit,
        uint step => throw new MsgPackFormatException($"{step} is no step of a restore"),
    };

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteRaw("Data"u8);
        writer.WriteRaw(Data);
        writer.Field("Restore"u8, Restore);
        writer.Field("Step"u8, (long)Step);
    }
}
