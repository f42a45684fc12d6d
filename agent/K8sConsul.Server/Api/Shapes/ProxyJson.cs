using System.Text;
using K8sConsul.Contracts.GoJson;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Api.Shapes;

/// <summary>The proxy part of a service.</summary>
public static class ProxyJson
{
    /// <param name="catalogForm">The catalog prints an upstream's datacenter and config always, the agent only when set.</param>
    public static void Write(GoJsonWriter json, ProxyRecord? proxy, bool catalogForm)
    {
        proxy ??= Plain;
        json.BeginObject();
        Text(json, "DestinationServiceName"u8, proxy.DestinationServiceName);
        Text(json, "DestinationServiceID"u8, proxy.DestinationServiceId);
        Text(json, "LocalServiceAddress"u8, proxy.LocalServiceAddress);
        if (proxy.LocalServicePort != 0)
        {
            json.Name("LocalServicePort"u8);
            json.Number(proxy.LocalServicePort);
        }

        if (proxy.ConfigJson.Length > 0)
        {
            json.Name("Config"u8);
            json.Value(GoJsonParser.Parse(Encoding.UTF8.GetBytes(proxy.ConfigJson)));
        }

        if (proxy.Upstreams.Count > 0)
        {
            json.Name("Upstreams"u8);
            json.BeginArray();
            foreach (UpstreamRecord upstream in proxy.Upstreams)
            {
                WriteUpstream(json, upstream, catalogForm);
            }

            json.EndArray();
        }

        json.Name("MeshGateway"u8);
        WriteMode(json, proxy.MeshGatewayMode);
        json.Name("Expose"u8);
        WriteExpose(json, proxy);
        json.EndObject();
    }

    private static readonly ProxyRecord Plain = new();

    private static void WriteUpstream(GoJsonWriter json, UpstreamRecord upstream, bool catalogForm)
    {
        json.BeginObject();
        json.Name("DestinationType"u8);
        json.String(upstream.DestinationType);
        Text(json, "DestinationNamespace"u8, upstream.DestinationNamespace);
        json.Name("DestinationName"u8);
        json.String(upstream.DestinationName);
        if (catalogForm || upstream.Datacenter.Length > 0)
        {
            json.Name("Datacenter"u8);
            json.String(upstream.Datacenter);
        }

        Text(json, "LocalBindAddress"u8, upstream.LocalBindAddress);
        json.Name("LocalBindPort"u8);
        json.Number(upstream.LocalBindPort);
        if (upstream.ConfigJson.Length > 0)
        {
            json.Name("Config"u8);
            json.Value(GoJsonParser.Parse(Encoding.UTF8.GetBytes(upstream.ConfigJson)));
        }
        else if (catalogForm)
        {
            json.Name("Config"u8);
            json.Null();
        }

        json.Name("MeshGateway"u8);
        WriteMode(json, upstream.MeshGatewayMode);
        json.EndObject();
    }

    private static void WriteExpose(GoJsonWriter json, ProxyRecord proxy)
    {
        json.BeginObject();
        if (proxy.ExposeChecks)
        {
            json.Name("Checks"u8);
            json.Bool(value: true);
        }

        if (proxy.ExposePaths.Count > 0)
        {
            json.Name("Paths"u8);
            json.BeginArray();
            foreach (ExposePathRecord path in proxy.ExposePaths)
            {
                json.BeginObject();
                json.Name("ListenerPort"u8);
                json.Number(path.ListenerPort);
                json.Name("Path"u8);
                json.String(path.Path);
                json.Name("LocalPathPort"u8);
                json.Number(path.LocalPathPort);
                Text(json, "Protocol"u8, path.Protocol);
                json.Name("ParsedFromCheck"u8);
                json.Bool(path.ParsedFromCheck);
                json.EndObject();
            }

            json.EndArray();
        }

        json.EndObject();
    }

    private static void WriteMode(GoJsonWriter json, string mode)
    {
        json.BeginObject();
        Text(json, "Mode"u8, mode);
        json.EndObject();
    }

    private static void Text(GoJsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
        {
            json.Name(name);
            json.String(value);
        }
    }
}
