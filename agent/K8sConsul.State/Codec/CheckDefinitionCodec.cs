using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>What a check's registration says about how it is run, with the field names of Consul's own records.</summary>
internal static class CheckDefinitionCodec
{
    public static void Write(MsgPackWriter writer, CheckDefinitionRecord? definition)
    {
        if (CheckDefinitionRecord.Same(definition, null))
        {
            writer.WriteNil();
            return;
        }

        writer.WriteMapHeader(18);
        writer.Field("AliasNode"u8, definition!.AliasNode);
        writer.Field("AliasService"u8, definition.AliasService);
        writer.Field("Body"u8, definition.Body);
        writer.Field("DeregisterCriticalServiceAfter"u8, definition.DeregisterCriticalServiceAfter);
        writer.Field("DockerContainerID"u8, definition.DockerContainerId);
        writer.Field("GRPC"u8, definition.Grpc);
        writer.Field("GRPCUseTLS"u8, definition.GrpcUseTls);
        writer.Field("HTTP"u8, definition.Http);
        writer.WriteRaw("Header"u8);
        writer.WriteMapHeader(definition.Header.Count);
        foreach ((string key, IReadOnlyList<string> values) in definition.Header)
        {
            writer.WriteText(key);
            writer.WriteListHeader(values.Count);
            foreach (string value in values)
            {
                writer.WriteText(value);
            }
        }

        writer.Field("Interval"u8, definition.Interval);
        writer.Field("Method"u8, definition.Method);
        writer.Field("OutputMaxSize"u8, definition.OutputMaxSize);
        writer.Field("ScriptArgs"u8, definition.ScriptArgs);
        writer.Field("Shell"u8, definition.Shell);
        writer.Field("TCP"u8, definition.Tcp);
        writer.Field("TLSSkipVerify"u8, definition.TlsSkipVerify);
        writer.Field("TTL"u8, definition.Ttl);
        writer.Field("Timeout"u8, definition.Timeout);
    }

    public static CheckDefinitionRecord? Read(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var definition = new CheckDefinitionRecord();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            definition = name switch
            {
                _ when name.SequenceEqual("AliasNode"u8) => definition with { AliasNode = reader.ReadText() },
                _ when name.SequenceEqual("AliasService"u8) => definition with { AliasService = reader.ReadText() },
                _ when name.SequenceEqual("Body"u8) => definition with { Body = reader.ReadText() },
                _ when name.SequenceEqual("DeregisterCriticalServiceAfter"u8) =>
                    definition with { DeregisterCriticalServiceAfter = reader.ReadDuration() },
                _ when name.SequenceEqual("DockerContainerID"u8) => definition with { DockerContainerId = reader.ReadText() },
                _ when name.SequenceEqual("GRPC"u8) => definition with { Grpc = reader.ReadText() },
                _ when name.SequenceEqual("GRPCUseTLS"u8) => definition with { GrpcUseTls = reader.ReadBool() },
                _ when name.SequenceEqual("HTTP"u8) => definition with { Http = reader.ReadText() },
                _ when name.SequenceEqual("Header"u8) => definition with { Header = ReadHeader(ref reader) },
                _ when name.SequenceEqual("Interval"u8) => definition with { Interval = reader.ReadDuration() },
                _ when name.SequenceEqual("Method"u8) => definition with { Method = reader.ReadText() },
                _ when name.SequenceEqual("OutputMaxSize"u8) => definition with { OutputMaxSize = reader.ReadUInt() },
                _ when name.SequenceEqual("ScriptArgs"u8) => definition with { ScriptArgs = reader.ReadTexts() },
                _ when name.SequenceEqual("Shell"u8) => definition with { Shell = reader.ReadText() },
                _ when name.SequenceEqual("TCP"u8) => definition with { Tcp = reader.ReadText() },
                _ when name.SequenceEqual("TLSSkipVerify"u8) => definition with { TlsSkipVerify = reader.ReadBool() },
                _ when name.SequenceEqual("TTL"u8) => definition with { Ttl = reader.ReadDuration() },
                _ when name.SequenceEqual("Timeout"u8) => definition with { Timeout = reader.ReadDuration() },
                _ => CatalogCodec.Skip(ref reader, definition),
            };
        }

        return CheckDefinitionRecord.Same(definition, null) ? null : definition;
    }

    private static List<KeyValuePair<string, IReadOnlyList<string>>> ReadHeader(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedMap();
        var header = new List<KeyValuePair<string, IReadOnlyList<string>>>(count);
        for (int i = 0; i < count; i++)
        {
            header.Add(new(reader.ReadText(), reader.ReadTexts()));
        }

        header.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return header;
    }
}
