using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using K8sConsul.Agent.Configuration;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>From a service as configured to the body that registers it. What says nothing is left out.</summary>
internal static class ServiceBodies
{
    public static ServiceRegistration Of(ServiceDefinition service)
    {
        return new ServiceRegistration
        {
            Kind = KindOf(service.Kind),
            ID = Said(service.Id),
            Name = Said(service.Name),
            Tags = Said(service.Tags),
            Port = service.Port,
            Address = Said(service.Address),
            SocketPath = Said(service.SocketPath),
            TaggedAddresses = AddressesOf(service),
            Meta = service.Meta.Count > 0 ? new Dictionary<string, string>(service.Meta, StringComparer.Ordinal) : null,
            Weights = new ServiceWeights { Passing = service.PassingWeight, Warning = service.WarningWeight },
            EnableTagOverride = service.EnableTagOverride,
            Token = Said(service.Token),
            Checks = service.Checks.Count > 0 ? service.Checks.Select(CheckBodies.Of).ToList() : null,
            Connect = service.HasConnect || service.ConnectNative
                ? new ServiceConnect { Native = service.ConnectNative, SidecarService = service.Sidecar is null ? null : Of(service.Sidecar) }
                : null,
            Proxy = service.Proxy is null ? null : ProxyOf(service.Proxy),
        };
    }

    internal static string? Said(string text)
    {
        return text.Length == 0 ? null : text;
    }

    internal static List<string>? Said(IReadOnlyList<string> texts)
    {
        return texts.Count == 0 ? null : [.. texts];
    }

    internal static string? Said(TimeSpan duration)
    {
        return duration == TimeSpan.Zero ? null : GoDuration.Format(duration);
    }

    private static string? KindOf(ServiceKind kind)
    {
        return kind switch
        {
            ServiceKind.Typical => null,
            ServiceKind.ConnectProxy => "connect-proxy",
            ServiceKind.MeshGateway => "mesh-gateway",
            ServiceKind.TerminatingGateway => "terminating-gateway",
            ServiceKind.IngressGateway => "ingress-gateway",
            _ => throw new UnreachableException(),
        };
    }

    private static Dictionary<string, ServiceAddress>? AddressesOf(ServiceDefinition service)
    {
        Dictionary<string, ServiceAddress>? addresses = null;
        foreach ((string name, ServiceAddressDefinition address) in service.TaggedAddresses)
        {
            addresses ??= new Dictionary<string, ServiceAddress>(StringComparer.Ordinal);
            addresses[name] = new ServiceAddress { Address = address.Address, Port = address.Port };
        }

        return addresses;
    }

    private static ServiceProxy ProxyOf(ProxyDefinition proxy)
    {
        return new ServiceProxy
        {
            DestinationServiceName = Said(proxy.DestinationServiceName),
            DestinationServiceID = Said(proxy.DestinationServiceId),
            LocalServiceAddress = Said(proxy.LocalServiceAddress),
            LocalServicePort = proxy.LocalServicePort,
            Config = OpaqueOf(proxy.Config),
            Upstreams = proxy.Upstreams.Count > 0 ? proxy.Upstreams.Select(UpstreamOf).ToList() : null,
            MeshGateway = new MeshGatewayMode { Mode = Said(proxy.MeshGatewayMode) },
            Expose = new ServiceExpose
            {
                Checks = proxy.ExposeChecks,
                Paths = proxy.ExposePaths.Count > 0 ? proxy.ExposePaths.Select(PathOf).ToList() : null,
            },
        };
    }

    private static ServiceUpstream UpstreamOf(UpstreamDefinition upstream)
    {
        return new ServiceUpstream
        {
            DestinationType = Said(upstream.DestinationType),
            DestinationNamespace = Said(upstream.DestinationNamespace),
            DestinationName = upstream.DestinationName,
            Datacenter = Said(upstream.Datacenter),
            LocalBindAddress = Said(upstream.LocalBindAddress),
            LocalBindPort = upstream.LocalBindPort,
            Config = OpaqueOf(upstream.Config),
            MeshGateway = new MeshGatewayMode { Mode = Said(upstream.MeshGatewayMode) },
        };
    }

    private static ServiceExposePath PathOf(ExposedPathDefinition path)
    {
        return new ServiceExposePath
        {
            ListenerPort = path.ListenerPort,
            Path = path.Path,
            LocalPathPort = path.LocalPathPort,
            Protocol = Said(path.Protocol),
        };
    }

    private static Dictionary<string, JsonElement>? OpaqueOf(ConfigObject? tree)
    {
        if (tree is null)
        {
            return null;
        }

        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (string key in tree.Keys)
        {
            var text = new ArrayBufferWriter<byte>();
            OpaqueJson.Write(new GoJsonWriter(text, pretty: false), tree[key]);
            using JsonDocument document = JsonDocument.Parse(text.WrittenMemory);
            values[key] = document.RootElement.Clone();
        }

        return values;
    }
}
