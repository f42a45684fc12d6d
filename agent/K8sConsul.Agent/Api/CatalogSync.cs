using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Contracts.Model;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.State.Records;
using CatalogDeregistration = K8sConsul.Agent.Local.CatalogDeregistration;
using CatalogRegistration = K8sConsul.Agent.Local.CatalogRegistration;
using ServiceWeights = K8sConsul.Agent.Local.Definitions.ServiceWeights;

namespace K8sConsul.Agent.Api;

/// <summary>
/// Anti-entropy's view of the catalog, by the same calls that any client makes: on a server they are answered in the
/// process, on a client by a server.
/// </summary>
internal sealed class CatalogSync(IClusterApi cluster, Func<ApiSource> source) : ICatalogSync
{
    public async ValueTask<RemoteRead> ReadAsync(string token, CancellationToken stop)
    {
        using ApiResponse services = await CallAsync("GET", $"/v1/catalog/node/{source().Node}", default, token, stop).ConfigureAwait(false);
        if (Outcome(services) is { Outcome: not CatalogOutcome.Done } failed)
        {
            return new RemoteRead(failed, null);
        }

        using ApiResponse checks = await CallAsync("GET", $"/v1/health/node/{source().Node}", default, token, stop).ConfigureAwait(false);
        if (Outcome(checks) is { Outcome: not CatalogOutcome.Done } refused)
        {
            return new RemoteRead(refused, null);
        }

        CatalogNodeServices? found = JsonSerializer.Deserialize(services.Body.Span, ConsulJsonContext.Default.CatalogNodeServices);
        List<HealthCheck> rows = JsonSerializer.Deserialize(checks.Body.Span, ConsulJsonContext.Default.ListHealthCheck) ?? [];
        return new RemoteRead(CatalogAnswer.Done, new RemoteNode
        {
            Info = found?.Node is null ? null : Info(found.Node),
            Services = (found?.Services ?? []).ToImmutableSortedDictionary(s => s.Key, s => Service(s.Value), StringComparer.Ordinal),
            Checks = rows.ToImmutableSortedDictionary(c => c.CheckID, Check, StringComparer.Ordinal),
        });
    }

    public async ValueTask<CatalogAnswer> RegisterAsync(CatalogRegistration registration, CancellationToken stop)
    {
        using var body = new PooledBuffer();
        Write(new GoJsonWriter(body, pretty: false), registration);
        using ApiResponse answer = await CallAsync("PUT", "/v1/catalog/register", body.Memory, registration.Token, stop).ConfigureAwait(false);
        return Outcome(answer);
    }

    public async ValueTask<CatalogAnswer> DeregisterAsync(CatalogDeregistration deregistration, CancellationToken stop)
    {
        using var body = new PooledBuffer();
        var json = new GoJsonWriter(body, pretty: false);
        json.BeginObject();
        json.Name("Node"u8);
        json.String(deregistration.NodeName);
        json.Name("ServiceID"u8);
        json.String(deregistration.ServiceId);
        json.Name("CheckID"u8);
        json.String(deregistration.CheckId);
        json.EndObject();
        using ApiResponse answer = await CallAsync("PUT", "/v1/catalog/deregister", body.Memory, deregistration.Token, stop).ConfigureAwait(false);
        return Outcome(answer);
    }

    private async ValueTask<ApiResponse> CallAsync(string method, string path, ReadOnlyMemory<byte> body, string token, CancellationToken stop)
    {
        try
        {
            return await cluster.InvokeAsync(
                new ApiRequest { Method = method, Path = path, Body = body, Token = token, Source = source() },
                stop).ConfigureAwait(false);
        }
        catch (Grpc.GrpcException failure)
        {
            return ApiResponse.Text(500, failure.Message);
        }
    }

    private static CatalogAnswer Outcome(ApiResponse response)
    {
        if (response.Status == 200)
        {
            return CatalogAnswer.Done;
        }

        string text = Encoding.UTF8.GetString(response.Body.Span);
        CatalogOutcome outcome = text switch
        {
            _ when text.StartsWith("Permission denied", StringComparison.Ordinal) => CatalogOutcome.PermissionDenied,
            _ when text.StartsWith("ACL not found", StringComparison.Ordinal) => CatalogOutcome.AclNotFound,
            _ when text.StartsWith("Unknown service", StringComparison.Ordinal) || text.StartsWith("Unknown check", StringComparison.Ordinal) => CatalogOutcome.Unknown,
            _ => CatalogOutcome.Failed,
        };
        return new CatalogAnswer(outcome, text);
    }

    private void Write(GoJsonWriter json, CatalogRegistration registration)
    {
        json.BeginObject();
        json.Name("Datacenter"u8);
        json.String(source().Datacenter);
        json.Name("ID"u8);
        json.String(registration.Node.Id);
        json.Name("Node"u8);
        json.String(registration.Node.Name);
        json.Name("Address"u8);
        json.String(registration.Node.Address);
        json.Name("TaggedAddresses"u8);
        RecordJson.WriteMap(json, StringMap.Of(registration.Node.TaggedAddresses));
        json.Name("NodeMeta"u8);
        RecordJson.WriteMap(json, StringMap.Of(registration.Node.Meta));
        json.Name("SkipNodeUpdate"u8);
        json.Bool(registration.SkipNodeUpdate);
        if (registration.Service is { } service)
        {
            json.Name("Service"u8);
            RecordJson.WriteNodeService(json, LocalRecords.Service(service, registration.Node.Name));
        }

        json.Name("Checks"u8);
        json.BeginArray();
        foreach (LocalCheck check in registration.Checks)
        {
            RecordJson.WriteCheck(json, LocalRecords.Check(check, registration.Node.Name));
        }

        json.EndArray();
        json.EndObject();
    }

    private static NodeInfo Info(CatalogNode node) => new()
    {
        Id = node.ID,
        Name = node.Node,
        Address = node.Address,
        TaggedAddresses = Sorted(node.TaggedAddresses),
        Meta = Sorted(node.Meta),
    };

    private static ServiceDefinition Service(NodeService service) => new()
    {
        Id = service.ID,
        Name = service.Service,
        Kind = service.Kind ?? string.Empty,
        Tags = [.. service.Tags ?? []],
        Address = service.Address,
        Port = service.Port,
        Meta = Sorted(service.Meta),
        EnableTagOverride = service.EnableTagOverride,
        Weights = service.Weights is { } weights ? new ServiceWeights(weights.Passing, weights.Warning) : ServiceWeights.Default,
        TaggedAddresses = (service.TaggedAddresses ?? [])
            .ToImmutableSortedDictionary(t => t.Key, t => new Local.Definitions.ServiceAddress(t.Value.Address, t.Value.Port), StringComparer.Ordinal),
        ConnectNative = service.Connect?.Native ?? false,
        Proxy = service.Proxy is { } proxy && service.Kind is { Length: > 0 } ? Proxy(proxy) : null,
    };

    private static ProxyDefinition Proxy(CatalogProxy proxy) => new()
    {
        DestinationServiceName = proxy.DestinationServiceName ?? string.Empty,
        DestinationServiceId = proxy.DestinationServiceID ?? string.Empty,
        LocalServiceAddress = proxy.LocalServiceAddress ?? string.Empty,
        LocalServicePort = proxy.LocalServicePort,
        ConfigJson = Canonical(proxy.Config),
        Upstreams =
        [
            .. (proxy.Upstreams ?? []).Select(u => new UpstreamDefinition
            {
                DestinationType = u.DestinationType ?? string.Empty,
                DestinationNamespace = u.DestinationNamespace ?? string.Empty,
                DestinationName = u.DestinationName,
                Datacenter = u.Datacenter,
                LocalBindAddress = u.LocalBindAddress ?? string.Empty,
                LocalBindPort = u.LocalBindPort,
                ConfigJson = Canonical(u.Config),
                MeshGatewayMode = u.MeshGateway.Mode ?? string.Empty,
            }),
        ],
        MeshGatewayMode = proxy.MeshGateway.Mode ?? string.Empty,
        ExposeChecks = proxy.Expose.Checks,
        ExposePaths =
        [
            .. (proxy.Expose.Paths ?? []).Select(p => new ExposePath(p.ListenerPort, p.Path, p.LocalPathPort, p.Protocol ?? string.Empty, p.ParsedFromCheck)),
        ],
    };

    /// <summary>In the form that local definitions keep: members sorted, no white space, numbers as Go prints them.</summary>
    private static string Canonical(Dictionary<string, JsonElement>? settings)
    {
        if (settings is null)
        {
            return string.Empty;
        }

        using var buffer = new PooledBuffer();
        var json = new GoJsonWriter(buffer, pretty: false);
        json.BeginObject();
        foreach ((string name, JsonElement value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            json.Name(name);
            json.Value(GoJsonParser.Parse(Encoding.UTF8.GetBytes(value.GetRawText())));
        }

        json.EndObject();
        return Encoding.UTF8.GetString(buffer.Span);
    }

    private static RemoteCheck Check(HealthCheck check) => new()
    {
        Id = check.CheckID,
        Name = check.Name,
        Status = check.Status,
        Notes = check.Notes,
        Output = check.Output,
        ServiceId = check.ServiceID,
        ServiceName = check.ServiceName,
        ServiceTags = [.. check.ServiceTags ?? []],
        Type = check.Type,
    };

    private static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>>? map) =>
        (map ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
