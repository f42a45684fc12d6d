using System.Collections.Immutable;
using Configured = K8sConsul.Agent.Configuration;
using Defined = K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>Services and checks of configuration files as definitions of the local state.</summary>
internal static class ConfiguredDefinitions
{
    public static Defined.ServiceDefinition Service(Configured.ServiceDefinition service) => new()
    {
        Id = service.Id,
        Name = service.Name,
        Kind = service.Kind switch
        {
            Configured.ServiceKind.ConnectProxy => "connect-proxy",
            Configured.ServiceKind.MeshGateway => "mesh-gateway",
            Configured.ServiceKind.TerminatingGateway => "terminating-gateway",
            Configured.ServiceKind.IngressGateway => "ingress-gateway",
            _ => string.Empty,
        },
        Tags = [.. service.Tags],
        Address = service.Address,
        Port = service.Port,
        TaggedAddresses = service.TaggedAddresses
            .ToImmutableSortedDictionary(t => t.Key, t => new Defined.ServiceAddress(t.Value.Address, t.Value.Port), StringComparer.Ordinal),
        Meta = service.Meta.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Weights = new Defined.ServiceWeights(service.PassingWeight, service.WarningWeight),
        EnableTagOverride = service.EnableTagOverride,
        Token = service.Token,
        Checks = [.. service.Checks.Select(Check)],
        ConnectNative = service.ConnectNative,
        HasSidecarService = service.Sidecar is not null,
        Proxy = service.Proxy is null ? null : Proxy(service.Proxy),
    };

    public static Defined.CheckDefinition Check(Configured.CheckDefinition check) => new()
    {
        Id = check.Id,
        Name = check.Name,
        Notes = check.Notes,
        ServiceId = check.ServiceId,
        Token = check.Token,
        Status = check.Status,
        ScriptArgs = [.. check.ScriptArgs],
        Http = check.Http,
        Method = check.Method,
        Header = check.Header.ToImmutableSortedDictionary(h => h.Key, h => h.Value.ToImmutableArray(), StringComparer.Ordinal),
        Body = check.Body,
        DisableRedirects = check.DisableRedirects,
        Tcp = check.Tcp,
        TcpUseTls = check.TcpUseTls,
        Udp = check.Udp,
        Grpc = check.Grpc,
        GrpcUseTls = check.GrpcUseTls,
        H2Ping = check.H2Ping,
        H2PingUseTls = check.H2PingUseTls,
        OsService = check.OsService,
        DockerContainerId = check.DockerContainerId,
        Shell = check.Shell,
        AliasNode = check.AliasNode,
        AliasService = check.AliasService,
        TlsServerName = check.TlsServerName,
        TlsSkipVerify = check.TlsSkipVerify,
        Interval = check.Interval,
        Timeout = check.Timeout,
        Ttl = check.Ttl,
        DeregisterCriticalServiceAfter = check.DeregisterCriticalServiceAfter,
        OutputMaxSize = check.OutputMaxSize,
        SuccessBeforePassing = check.SuccessBeforePassing,
        FailuresBeforeWarning = check.FailuresBeforeWarning,
        FailuresBeforeCritical = check.FailuresBeforeCritical,
    };

    private static Defined.ProxyDefinition Proxy(Configured.ProxyDefinition proxy) => new()
    {
        DestinationServiceName = proxy.DestinationServiceName,
        DestinationServiceId = proxy.DestinationServiceId,
        LocalServiceAddress = proxy.LocalServiceAddress,
        LocalServicePort = proxy.LocalServicePort,
        Upstreams =
        [
            .. proxy.Upstreams.Select(u => new Defined.UpstreamDefinition
            {
                DestinationType = u.DestinationType,
                DestinationNamespace = u.DestinationNamespace,
                DestinationName = u.DestinationName,
                Datacenter = u.Datacenter,
                LocalBindAddress = u.LocalBindAddress,
                LocalBindPort = u.LocalBindPort,
                MeshGatewayMode = u.MeshGatewayMode,
            }),
        ],
        MeshGatewayMode = proxy.MeshGatewayMode,
        ExposeChecks = proxy.ExposeChecks,
        ExposePaths = [.. proxy.ExposePaths.Select(p => new Defined.ExposePath(p.ListenerPort, p.Path, p.LocalPathPort, p.Protocol, ParsedFromCheck: false))],
    };
}
