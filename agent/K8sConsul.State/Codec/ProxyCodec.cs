using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>The proxy part of a service record, with the field names of Consul's own records.</summary>
internal static class ProxyCodec
{
    public static void Write(MsgPackWriter writer, ProxyRecord? proxy)
    {
        if (proxy is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteMapHeader(8);
        writer.WriteRaw("Config"u8);
        OpaqueJson.Write(writer, proxy.ConfigJson);
        writer.Field("DestinationServiceID"u8, proxy.DestinationServiceId);
        writer.Field("DestinationServiceName"u8, proxy.DestinationServiceName);
        writer.WriteRaw("Expose"u8);
        writer.WriteMapHeader(2);
        writer.Field("Checks"u8, proxy.ExposeChecks);
        writer.WriteRaw("Paths"u8);
        writer.WriteListHeader(proxy.ExposePaths.Count);
        foreach (ExposePathRecord path in proxy.ExposePaths)
        {
            writer.WriteMapHeader(5);
            writer.Field("ListenerPort"u8, (long)path.ListenerPort);
            writer.Field("LocalPathPort"u8, (long)path.LocalPathPort);
            writer.Field("ParsedFromCheck"u8, path.ParsedFromCheck);
            writer.Field("Path"u8, path.Path);
            writer.Field("Protocol"u8, path.Protocol);
        }

        writer.Field("LocalServiceAddress"u8, proxy.LocalServiceAddress);
        writer.Field("LocalServicePort"u8, (long)proxy.LocalServicePort);
        WriteMeshGateway(writer, proxy.MeshGatewayMode);
        writer.WriteRaw("Upstreams"u8);
        writer.WriteListHeader(proxy.Upstreams.Count);
        foreach (UpstreamRecord upstream in proxy.Upstreams)
        {
            WriteUpstream(writer, upstream);
        }
    }

    public static ProxyRecord? Read(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        var proxy = new ProxyRecord();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            proxy = name switch
            {
                _ when name.SequenceEqual("Config"u8) => proxy with { ConfigJson = OpaqueJson.Read(ref reader) },
                _ when name.SequenceEqual("DestinationServiceID"u8) => proxy with { DestinationServiceId = reader.ReadText() },
                _ when name.SequenceEqual("DestinationServiceName"u8) => proxy with { DestinationServiceName = reader.ReadText() },
                _ when name.SequenceEqual("Expose"u8) => ReadExpose(ref reader, proxy),
                _ when name.SequenceEqual("LocalServiceAddress"u8) => proxy with { LocalServiceAddress = reader.ReadText() },
                _ when name.SequenceEqual("LocalServicePort"u8) => proxy with { LocalServicePort = reader.ReadInt32() },
                _ when name.SequenceEqual("MeshGateway"u8) => proxy with { MeshGatewayMode = ReadMeshGateway(ref reader) },
                _ when name.SequenceEqual("Upstreams"u8) => proxy with { Upstreams = ReadUpstreams(ref reader) },
                _ => CatalogCodec.Skip(ref reader, proxy),
            };
        }

        return proxy;
    }

    private static void WriteMeshGateway(MsgPackWriter writer, string mode)
    {
        writer.WriteRaw("MeshGateway"u8);
        writer.WriteMapHeader(1);
        writer.Field("Mode"u8, mode);
    }

    private static string ReadMeshGateway(ref MsgPackReader reader)
    {
        string mode = string.Empty;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            mode = reader.ReadTextBytes().SequenceEqual("Mode"u8) ? reader.ReadText() : CatalogCodec.Skip(ref reader, mode);
        }

        return mode;
    }

    private static ProxyRecord ReadExpose(ref MsgPackReader reader, ProxyRecord proxy)
    {
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            proxy = name switch
            {
                _ when name.SequenceEqual("Checks"u8) => proxy with { ExposeChecks = reader.ReadBool() },
                _ when name.SequenceEqual("Paths"u8) => proxy with { ExposePaths = ReadPaths(ref reader) },
                _ => CatalogCodec.Skip(ref reader, proxy),
            };
        }

        return proxy;
    }

    private static List<ExposePathRecord> ReadPaths(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var paths = new List<ExposePathRecord>(count);
        for (int i = 0; i < count; i++)
        {
            var path = new ExposePathRecord(0, string.Empty, 0, string.Empty, ParsedFromCheck: false);
            for (int left = reader.ReadMapHeader(); left > 0; left--)
            {
                ReadOnlySpan<byte> name = reader.ReadTextBytes();
                path = name switch
                {
                    _ when name.SequenceEqual("ListenerPort"u8) => path with { ListenerPort = reader.ReadInt32() },
                    _ when name.SequenceEqual("LocalPathPort"u8) => path with { LocalPathPort = reader.ReadInt32() },
                    _ when name.SequenceEqual("ParsedFromCheck"u8) => path with { ParsedFromCheck = reader.ReadBool() },
                    _ when name.SequenceEqual("Path"u8) => path with { Path = reader.ReadText() },
                    _ when name.SequenceEqual("Protocol"u8) => path with { Protocol = reader.ReadText() },
                    _ => CatalogCodec.Skip(ref reader, path),
                };
            }

            paths.Add(path);
        }

        return paths;
    }

    private static void WriteUpstream(MsgPackWriter writer, UpstreamRecord upstream)
    {
        writer.WriteMapHeader(8);
        writer.WriteRaw("Config"u8);
        OpaqueJson.Write(writer, upstream.ConfigJson);
        writer.Field("Datacenter"u8, upstream.Datacenter);
        writer.Field("DestinationName"u8, upstream.DestinationName);
        writer.Field("DestinationNamespace"u8, upstream.DestinationNamespace);
        writer.Field("DestinationType"u8, upstream.DestinationType);
        writer.Field("LocalBindAddress"u8, upstream.LocalBindAddress);
        writer.Field("LocalBindPort"u8, (long)upstream.LocalBindPort);
        WriteMeshGateway(writer, upstream.MeshGatewayMode);
    }

    private static List<UpstreamRecord> ReadUpstreams(ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var upstreams = new List<UpstreamRecord>(count);
        for (int i = 0; i < count; i++)
        {
            var upstream = new UpstreamRecord();
            for (int left = reader.ReadMapHeader(); left > 0; left--)
            {
                ReadOnlySpan<byte> name = reader.ReadTextBytes();
                upstream = name switch
                {
                    _ when name.SequenceEqual("Config"u8) => upstream with { ConfigJson = OpaqueJson.Read(ref reader) },
                    _ when name.SequenceEqual("Datacenter"u8) => upstream with { Datacenter = reader.ReadText() },
                    _ when name.SequenceEqual("DestinationName"u8) => upstream with { DestinationName = reader.ReadText() },
                    _ when name.SequenceEqual("DestinationNamespace"u8) => upstream with { DestinationNamespace = reader.ReadText() },
                    _ when name.SequenceEqual("DestinationType"u8) => upstream with { DestinationType = reader.ReadText() },
                    _ when name.SequenceEqual("LocalBindAddress"u8) => upstream with { LocalBindAddress = reader.ReadText() },
                    _ when name.SequenceEqual("LocalBindPort"u8) => upstream with { LocalBindPort = reader.ReadInt32() },
                    _ when name.SequenceEqual("MeshGateway"u8) => upstream with { MeshGatewayMode = ReadMeshGateway(ref reader) },
                    _ => CatalogCodec.Skip(ref reader, upstream),
                };
            }

            upstreams.Add(upstream);
        }

        return upstreams;
    }
}
