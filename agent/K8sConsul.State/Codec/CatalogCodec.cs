using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Nodes, services and checks with the field names of Consul's own snapshot records.</summary>
public static class CatalogCodec
{
    public static void WriteService(MsgPackWriter writer, ServiceRecord service)
    {
        writer.WriteMapHeader(15);
        writer.Field("Address"u8, service.Address);
        writer.WriteRaw("Connect"u8);
        writer.WriteMapHeader(1);
        writer.Field("Native"u8, service.ConnectNative);
        writer.Field("CreateIndex"u8, service.CreateIndex);
        writer.Field("EnableTagOverride"u8, service.EnableTagOverride);
        writer.Field("ID"u8, service.Id);
        writer.Field("Kind"u8, service.Kind);
        writer.Field("Meta"u8, service.Meta);
        writer.Field("ModifyIndex"u8, service.ModifyIndex);
        writer.Field("Node"u8, service.Node);
        writer.Field("Port"u8, (long)service.Port);
        writer.WriteRaw("Proxy"u8);
        ProxyCodec.Write(writer, service.Proxy);
        writer.Field("Service"u8, service.Service);
        writer.WriteRaw("TaggedAddresses"u8);
        writer.WriteMapHeader(service.TaggedAddresses.Count);
        foreach (TaggedAddress tagged in service.TaggedAddresses)
        {
            writer.WriteText(tagged.Name);
            writer.WriteMapHeader(2);
            writer.Field("Address"u8, tagged.Address);
            writer.Field("Port"u8, (long)tagged.Port);
        }

        writer.Field("Tags"u8, service.Tags);
        writer.WriteRaw("Weights"u8);
        writer.WriteMapHeader(2);
        writer.Field("Passing"u8, (long)service.Weights.Passing);
        writer.Field("Warning"u8, (long)service.Weights.Warning);
    }

    /// <param name="node">The node, for records that leave it out because their frame names it.</param>
    public static ServiceRecord? ReadService(ref MsgPackReader reader, string node)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var service = new ServiceRecord { Node = node, Id = string.Empty, Service = string.Empty };
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            service = name switch
            {
                _ when name.SequenceEqual("Address"u8) => service with { Address = reader.ReadText() },
                _ when name.SequenceEqual("Connect"u8) => service with { ConnectNative = ReadNative(ref reader) },
                _ when name.SequenceEqual("CreateIndex"u8) => service with { CreateIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("EnableTagOverride"u8) => service with { EnableTagOverride = reader.ReadBool() },
                _ when name.SequenceEqual("ID"u8) => service with { Id = reader.ReadText() },
                _ when name.SequenceEqual("Kind"u8) => service with { Kind = reader.ReadText() },
                _ when name.SequenceEqual("Meta"u8) => service with { Meta = reader.ReadTextMap() },
                _ when name.SequenceEqual("ModifyIndex"u8) => service with { ModifyIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("Node"u8) => service with { Node = reader.ReadText() },
                _ when name.SequenceEqual("Port"u8) => service with { Port = reader.ReadInt32() },
                _ when name.SequenceEqual("Proxy"u8) => service with { Proxy = ProxyCodec.Read(ref reader) },
                _ when name.SequenceEqual("Service"u8) => service with { Service = reader.ReadText() },
                _ when name.SequenceEqual("TaggedAddresses"u8) => service with { TaggedAddresses = ReadTaggedAddresses(ref reader) },
                _ when name.SequenceEqual("Tags"u8) => service with { Tags = reader.ReadTexts() },
                _ when name.SequenceEqual("Weights"u8) => service with { Weights = ReadWeights(ref reader) },
                _ => Skip(ref reader, service),
            };
        }

        // Plain services carry an empty proxy in Consul's own records; here they have none.
        return service.Kind.Length == 0 && ProxyRecord.Same(service.Proxy, null) ? service with { Proxy = null } : service;
    }

    public static void WriteCheck(MsgPackWriter writer, CheckRecord check)
    {
        writer.WriteMapHeader(13);
        writer.Field("CheckID"u8, check.CheckId);
        writer.Field("CreateIndex"u8, check.CreateIndex);
        writer.WriteRaw("Definition"u8);
        CheckDefinitionCodec.Write(writer, check.Definition);
        writer.Field("ModifyIndex"u8, check.ModifyIndex);
        writer.Field("Name"u8, check.Name);
        writer.Field("Node"u8, check.Node);
        writer.Field("Notes"u8, check.Notes);
        writer.Field("Output"u8, check.Output);
        writer.Field("ServiceID"u8, check.ServiceId);
        writer.Field("ServiceName"u8, check.ServiceName);
        writer.Field("ServiceTags"u8, check.ServiceTags);
        writer.Field("Status"u8, check.Status);
        writer.Field("Type"u8, check.Type);
    }

    /// <param name="node">The node, for records that leave it out because their frame names it.</param>
    public static CheckRecord? ReadCheck(ref MsgPackReader reader, string node)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var check = new CheckRecord { Node = node, CheckId = string.Empty };
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            check = name switch
            {
                _ when name.SequenceEqual("CheckID"u8) => check with { CheckId = reader.ReadText() },
                _ when name.SequenceEqual("CreateIndex"u8) => check with { CreateIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("Definition"u8) => check with { Definition = CheckDefinitionCodec.Read(ref reader) },
                _ when name.SequenceEqual("ModifyIndex"u8) => check with { ModifyIndex = reader.ReadUInt() },
                _ when name.SequenceEqual("Name"u8) => check with { Name = reader.ReadText() },
                _ when name.SequenceEqual("Node"u8) => check with { Node = reader.ReadText() },
                _ when name.SequenceEqual("Notes"u8) => check with { Notes = reader.ReadText() },
                _ when name.SequenceEqual("Output"u8) => check with { Output = reader.ReadText() },
                _ when name.SequenceEqual("ServiceID"u8) => check with { ServiceId = reader.ReadText() },
                _ when name.SequenceEqual("ServiceName"u8) => check with { ServiceName = reader.ReadText() },
                _ when name.SequenceEqual("ServiceTags"u8) => check with { ServiceTags = reader.ReadTexts() },
                _ when name.SequenceEqual("Status"u8) => check with { Status = reader.ReadText() },
                _ when name.SequenceEqual("Type"u8) => check with { Type = reader.ReadText() },
                _ => Skip(ref reader, check),
            };
        }

        return check;
    }

    internal static T Skip<T>(ref MsgPackReader reader, T unchanged)
    {
        reader.Skip();
        return unchanged;
    }

    private static bool ReadNative(ref MsgPackReader reader)
    {
        bool native = false;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            native = reader.ReadTextBytes().SequenceEqual("Native"u8) ? reader.ReadBool() : Skip(ref reader, native);
        }

        return native;
    }

    private static ServiceWeights ReadWeights(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return ServiceWeights.Default;
        }

        ServiceWeights weights = default;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            weights = name switch
            {
                _ when name.SequenceEqual("Passing"u8) => weights with { Passing = reader.ReadInt32() },
                _ when name.SequenceEqual("Warning"u8) => weights with { Warning = reader.ReadInt32() },
                _ => Skip(ref reader, weights),
            };
        }

        return weights;
    }

    private static List<TaggedAddress> ReadTaggedAddresses(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedMap();
        var addresses = new List<TaggedAddress>(count);
        for (int i = 0; i < count; i++)
        {
            var tagged = new TaggedAddress(reader.ReadText(), string.Empty, 0);
            for (int left = reader.ReadMapHeader(); left > 0; left--)
            {
                ReadOnlySpan<byte> name = reader.ReadTextBytes();
                tagged = name switch
                {
                    _ when name.SequenceEqual("Address"u8) => tagged with { Address = reader.ReadText() },
                    _ when name.SequenceEqual("Port"u8) => tagged with { Port = reader.ReadInt32() },
                    _ => Skip(ref reader, tagged),
                };
            }

            addresses.Add(tagged);
        }

        addresses.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return addresses;
    }
}
