using K8sConsul.Go;
using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Autopilot's configuration with the field names of Consul's own snapshot record.</summary>
internal static class AutopilotCodec
{
    /// <summary>What an entry that names no field means: Go's zeros, not the defaults of a new cluster.</summary>
    internal static readonly AutopilotRecord Zero = new()
    {
        CleanupDeadServers = false,
        LastContactThreshold = default,
        MaxTrailingLogs = 0,
        ServerStabilizationTime = default,
    };

    public static void Write(MsgPackWriter writer, AutopilotRecord config)
    {
        writer.WriteMapHeader(10);
        writer.Field("CleanupDeadServers"u8, config.CleanupDeadServers);
        writer.Field("CreateIndex"u8, config.CreateIndex);
        writer.Field("DisableUpgradeMigration"u8, config.DisableUpgradeMigration);
        writer.Field("LastContactThreshold"u8, config.LastContactThreshold.Nanoseconds);
        writer.Field("MaxTrailingLogs"u8, config.MaxTrailingLogs);
        writer.Field("MinQuorum"u8, config.MinQuorum);
        writer.Field("ModifyIndex"u8, config.ModifyIndex);
        writer.Field("RedundancyZoneTag"u8, config.RedundancyZoneTag);
        writer.Field("ServerStabilizationTime"u8, config.ServerStabilizationTime.Nanoseconds);
        writer.Field("UpgradeVersionTag"u8, config.UpgradeVersionTag);
    }

    public static AutopilotRecord Read(ref MsgPackReader reader)
    {
        AutopilotRecord config = Zero;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            config = name switch
            {
                _ when name.SequenceEqual("CleanupDeadServers"u8) => config with { CleanupDeadServers = reader.ReadBool() },
                _ when name.SequenceEqual("CreateIndex"u8) => config with { CreateIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("DisableUpgradeMigration"u8) => config with { DisableUpgradeMigration = reader.ReadBool() },
                _ when name.SequenceEqual("LastContactThreshold"u8) => config with { LastContactThreshold = new GoDuration(reader.ReadInt()) },
                _ when name.SequenceEqual("MaxTrailingLogs"u8) => config with { MaxTrailingLogs = reader.ReadUInt() },
                _ when name.SequenceEqual("MinQuorum"u8) => config with { MinQuorum = reader.ReadUInt() },
                _ when name.SequenceEqual("ModifyIndex"u8) => config with { ModifyIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("RedundancyZoneTag"u8) => config with { RedundancyZoneTag = reader.ReadText() },
                _ when name.SequenceEqual("ServerStabilizationTime"u8) => config with { ServerStabilizationTime = new GoDuration(reader.ReadInt()) },
                _ when name.SequenceEqual("UpgradeVersionTag"u8) => config with { UpgradeVersionTag = reader.ReadText() },
                _ => CatalogCodec.Skip(ref reader, config),
            };
        }

        return config;
    }
}
