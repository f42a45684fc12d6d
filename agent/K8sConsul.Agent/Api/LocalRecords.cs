using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.State.Records;
using CheckStatus = K8sConsul.Agent.Local.Definitions.CheckStatus;
using ServiceWeights = K8sConsul.State.Records.ServiceWeights;

namespace K8sConsul.Agent.Api;

/// <summary>The agent's own services and checks as the records that the catalog's writers and filters know.</summary>
internal static class LocalRecords
{
    public static ServiceRecord Service(ServiceDefinition service, string node) => new()
    {
        Node = node,
        Id = service.EffectiveId,
        Service = service.Name,
        Kind = service.Kind,
        Tags = service.Tags,
        Address = service.Address,
        TaggedAddresses = [.. service.TaggedAddresses.Select(t => new TaggedAddress(t.Key, t.Value.Address, t.Value.Port))],
        Meta = service.Meta.Count == 0 ? null : StringMap.Of(service.Meta),
        Port = service.Port,
        Weights = new ServiceWeights(service.Weights.Passing, service.Weights.Warning),
        EnableTagOverride = service.EnableTagOverride,
        ConnectNative = service.ConnectNative,
        Proxy = service.Proxy is null ? null : Proxy(service.Proxy),
    };

    public static CheckRecord Check(LocalCheck check, string node) => new()
    {
        Node = node,
        CheckId = check.Id,
        Name = check.Name,
        Status = check.Status switch
        {
            CheckStatus.Passing => K8sConsul.State.Records.CheckStatus.Passing,
            CheckStatus.Warning => K8sConsul.State.Records.CheckStatus.Warning,
            _ => K8sConsul.State.Records.CheckStatus.Critical,
        },
        Notes = check.Notes,
        Output = check.Output,
        ServiceId = check.ServiceId,
        ServiceName = check.ServiceName,
        ServiceTags = check.ServiceTags,
        Type = check.Type,
    };

    private static ProxyRecord Proxy(ProxyDefinition proxy) => new()
    {
        DestinationServiceName = proxy.DestinationServiceName,
        DestinationServiceId = proxy.DestinationServiceId,
        LocalServiceAddress = proxy.LocalServiceAddress,
        LocalServicePort = proxy.LocalServicePort,
        ConfigJson = proxy.ConfigJson,
        Upstreams =
        [
            .. proxy.Upstreams.Select(u => new UpstreamRecord
            {
                DestinationType = u.DestinationType,
                DestinationNamespace = u.DestinationNamespace,
                DestinationName = u.DestinationName,
                Datacenter = u.Datacenter,
                LocalBindAddress = u.LocalBindAddress,
                LocalBindPort = u.LocalBindPort,
                ConfigJson = u.ConfigJson,
                MeshGatewayMode = u.MeshGatewayMode,
            }),
        ],
        MeshGatewayMode = proxy.MeshGatewayMode,
        ExposeChecks = proxy.ExposeChecks,
        ExposePaths = [.. proxy.ExposePaths.Select(p => new ExposePathRecord(p.ListenerPort, p.Path, p.LocalPathPort, p.Protocol, p.ParsedFromCheck))],
    };
}
