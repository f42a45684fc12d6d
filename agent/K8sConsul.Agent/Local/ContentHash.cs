using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>
/// The hash that <c>/v1/agent/service/:id</c> blocks on. 64 bits of a SHA-256 over every field, each with its length, so
/// that no two different services give the same bytes. Opaque to clients; hex without leading zeros, as Consul prints it.
/// </summary>
internal static class ContentHash
{
    public static string Of(ServiceDefinition service)
    {
        ArrayBufferWriter<byte> output = new(512);
        Put(output, service.Kind);
        Put(output, service.Id);
        Put(output, service.Name);
        Put(output, service.Address);
        Put(output, service.Port);
        Put(output, service.Weights.Passing);
        Put(output, service.Weights.Warning);
        Put(output, service.EnableTagOverride ? 1 : 0);
        Put(output, service.ConnectNative ? 1 : 0);
        Put(output, service.Tags.Length);
        foreach (string tag in service.Tags)
        {
            Put(output, tag);
        }

        Put(output, service.Meta.Count);
        foreach ((string key, string value) in service.Meta)
        {
            Put(output, key);
            Put(output, value);
        }

        Put(output, service.TaggedAddresses.Count);
        foreach ((string name, ServiceAddress address) in service.TaggedAddresses)
        {
            Put(output, name);
            Put(output, address.Address);
            Put(output, address.Port);
        }

        Put(output, service.Proxy ?? ProxyDefinition.Empty);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(output.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash).ToString("x", CultureInfo.InvariantCulture);
    }

    private static void Put(ArrayBufferWriter<byte> output, ProxyDefinition proxy)
    {
        Put(output, proxy.DestinationServiceName);
        Put(output, proxy.DestinationServiceId);
        Put(output, proxy.LocalServiceAddress);
        Put(output, proxy.LocalServicePort);
        Put(output, proxy.ConfigJson);
        Put(output, proxy.MeshGatewayMode);
        Put(output, proxy.ExposeChecks ? 1 : 0);
        Put(output, proxy.Upstreams.Length);
        foreach (UpstreamDefinition upstream in proxy.Upstreams)
        {
            Put(output, upstream.DestinationType);
            Put(output, upstream.DestinationNamespace);
            Put(output, upstream.DestinationName);
            Put(output, upstream.Datacenter);
            Put(output, upstream.LocalBindAddress);
            Put(output, upstream.LocalBindPort);
            Put(output, upstream.ConfigJson);
            Put(output, upstream.MeshGatewayMode);
        }

        Put(output, proxy.ExposePaths.Length);
        foreach (ExposePath path in proxy.ExposePaths)
        {
            Put(output, path.ListenerPort);
            Put(output, path.Path);
            Put(output, path.LocalPathPort);
            Put(output, path.Protocol);
            Put(output, path.ParsedFromCheck ? 1 : 0);
        }
    }

    private static void Put(ArrayBufferWriter<byte> output, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Put(output, length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }

    private static void Put(ArrayBufferWriter<byte> output, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), number);
        output.Advance(sizeof(int));
    }
}
