using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>What a service definition must be in itself; the agent judges names and checks when it registers them.</summary>
internal static class ServiceRule
{
    private const string AnyAddress = "0.0.0.0";
    private const string DefaultBindAddress = "127.0.0.1";

    /// <summary>Null when there is none.</summary>
    public static string? MistakesIn(ServiceDefinition service)
    {
        var mistakes = new ErrorList();
        ProxyDefinition proxy = service.Proxy ?? new ProxyDefinition();
        switch (service.Kind)
        {
            case ServiceKind.Typical:
                break;
            case ServiceKind.ConnectProxy:
                CheckConnectProxy(service, proxy, mistakes);
                break;
            case ServiceKind.MeshGateway:
                CheckGateway("mesh-gateway", service, proxy, mistakes);
                break;
            case ServiceKind.TerminatingGateway:
                CheckGateway("terminating-gateway", service, proxy, mistakes);
                break;
            case ServiceKind.IngressGateway:
                CheckGateway("ingress-gateway", service, proxy, mistakes);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        return mistakes.Any ? mistakes.ToString() : null;
    }

    private static void CheckConnectProxy(ServiceDefinition service, ProxyDefinition proxy, ErrorList mistakes)
    {
        if (proxy.DestinationServiceName.Trim().Length == 0)
        {
            mistakes.Add("Proxy.DestinationServiceName must be non-empty for Connect proxy services");
        }

        if (service.Port == 0)
        {
            mistakes.Add("Port must be set for a Connect proxy");
        }

        if (service.ConnectNative)
        {
            mistakes.Add("A Proxy cannot also be Connect Native, only typical services");
        }

        CheckUpstreams(proxy.Upstreams, mistakes);
        CheckExposedPaths(proxy.ExposePaths, mistakes);
    }

    private static void CheckUpstreams(IReadOnlyList<UpstreamDefinition> upstreams, ErrorList mistakes)
    {
        var services = new HashSet<(string Type, string Name, string Namespace, string Datacenter)>();
        var listeners = new HashSet<string>(StringComparer.Ordinal);
        foreach (UpstreamDefinition upstream in upstreams)
        {
            if (upstream.DestinationType is not ("service" or "prepared_query"))
            {
                mistakes.Add($"unknown upstream destination type: {GoText.Quote(upstream.DestinationType)}");
                continue;
            }

            if (upstream.DestinationName.Length == 0)
            {
                mistakes.Add("upstream destination name cannot be empty");
                continue;
            }

            if (upstream.LocalBindPort == 0)
            {
                mistakes.Add("upstream local bind port cannot be zero");
                continue;
            }

            string address = upstream.LocalBindAddress is "" or AnyAddress ? DefaultBindAddress : upstream.LocalBindAddress;
            string listener = $"{address}:{upstream.LocalBindPort}";
            if (!listeners.Add(listener))
            {
                mistakes.Add(
                    $"upstreams cannot contain duplicates by local bind address and port; {GoText.Quote(listener)} is specified twice");
                continue;
            }

            if (!services.Add(
                (upstream.DestinationType, upstream.DestinationName, upstream.DestinationNamespace, upstream.Datacenter)))
            {
                mistakes.Add(
                    $"upstreams cannot contain duplicates of [type={GoText.Quote(upstream.DestinationType)}, "
                    + $"name={GoText.Quote(upstream.DestinationName)}, namespace={GoText.Quote(upstream.DestinationNamespace)}, "
                    + $"datacenter={GoText.Quote(upstream.Datacenter)}]");
            }
        }
    }

    private static void CheckExposedPaths(IReadOnlyList<ExposedPathDefinition> paths, ErrorList mistakes)
    {
        var ports = new HashSet<int>();
        foreach (ExposedPathDefinition path in paths)
        {
            if (!ports.Add(path.ListenerPort))
            {
                mistakes.Add("expose.paths: duplicate listener ports exposed");
            }

            if (path.ListenerPort is <= 0 or > ushort.MaxValue)
            {
                mistakes.Add($"expose.paths: invalid listener port: {path.ListenerPort}");
            }

            if (path.Protocol.ToLowerInvariant() is not ("" or "http" or "http2"))
            {
                mistakes.Add($"protocol '{path.Protocol}' not supported for path: {path.Path}, must be in: [http http2]");
            }
        }
    }

    private static void CheckGateway(string kind, ServiceDefinition service, ProxyDefinition proxy, ErrorList mistakes)
    {
        if (service.Port == 0 && service.Kind != ServiceKind.IngressGateway)
        {
            mistakes.Add($"Port must be non-zero for a {kind}");
        }

        Refuse(proxy.DestinationServiceName.Length > 0, "DestinationServiceName");
        Refuse(proxy.DestinationServiceId.Length > 0, "DestinationServiceID");
        Refuse(proxy.LocalServiceAddress.Length > 0, "LocalServiceAddress");
        Refuse(proxy.LocalServicePort != 0, "LocalServicePort");
        Refuse(proxy.Upstreams.Count > 0, "Upstreams");

        void Refuse(bool given, string field)
        {
            if (given)
            {
                mistakes.Add($"The Proxy.{field} configuration is invalid for a {kind}");
            }
        }
    }
}
