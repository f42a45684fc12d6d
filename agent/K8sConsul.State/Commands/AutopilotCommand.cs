using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Records;

namespace K8sConsul.State.Commands;

/// <summary>Replaces autopilot's configuration.</summary>
/// <param name="IsConditional">Only if the stored one is at <see cref="AutopilotRecord.ModifyIndex"/> of this one.</param>
public sealed record AutopilotCommand(AutopilotRecord Config, bool IsConditional) : StateCommand
{
    public override CommandType Type => CommandType.Autopilot;

    internal static AutopilotCommand Read(ref MsgPackReader reader)
    {
        var command = new AutopilotCommand(AutopilotCodec.Zero, IsConditional: false);
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            command = name switch
            {
                _ when name.SequenceEqual("CAS"u8) => command with { IsConditional = reader.ReadBool() },
                _ when name.SequenceEqual("Config"u8) => command with { Config = AutopilotCodec.Read(ref reader) },
                _ => CatalogCodec.Skip(ref reader, command),
            };
        }

        return command;
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.Field("CAS"u8, IsConditional);
        writer.WriteRaw("Config"u8);
        AutopilotCodec.Write(writer, Config);
    }
}
