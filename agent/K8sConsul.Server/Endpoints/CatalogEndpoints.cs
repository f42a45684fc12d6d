using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Filtering;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State.Commands;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/catalog/…</c></summary>
public sealed class CatalogEndpoints(StateReader reader, ICommandLog log, IDatacenters datacenters, string datacenter, ServerMetrics metrics)
{
    public IEnumerable<ApiRoute> Routes()
    {
        // These name the datacenter in their body, or are about all of them.
        yield return new ApiRoute("/v1/catalog/register", ("PUT", ApiScope.Leader, RegisterAsync)) { IgnoresDatacenter = true };
        yield return new ApiRoute("/v1/catalog/deregister", ("PUT", ApiScope.Leader, DeregisterAsync)) { IgnoresDatacenter = true };
        yield return new ApiRoute("/v1/catalog/datacenters", ("GET", ApiScope.Server, DatacentersAsync)) { IgnoresDatacenter = true };
        yield return new ApiRoute("/v1/catalog/nodes", ("GET", ApiScope.Read, NodesAsync));
        yield return new ApiRoute("/v1/catalog/services", ("GET", ApiScope.Read, ServicesAsync));
        yield return new ApiRoute("/v1/catalog/service/", ("GET", ApiScope.Read, ServiceAsync));
        yield return new ApiRoute("/v1/catalog/connect/", ("GET", ApiScope.Read, ConnectAsync));
        yield return new ApiRoute("/v1/catalog/node/", ("GET", ApiScope.Read, NodeAsync));
        yield return new ApiRoute("/v1/catalog/node-services/", ("GET", ApiScope.Read, NodeServicesAsync));
    }

    private async ValueTask<ApiResponse> RegisterAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        RegisterCommand command;
        try
        {
            command = RegisterBody.Decode(request.Body.Span, datacenter);
        }
        catch (GoJsonException error)
        {
            throw RegisterBody.Refused(error);
        }

        RegisterBody.Validate(command);
        ApplyOutcome outcome = await log.ApplyAsync(command).ConfigureAwait(false);
        return outcome.Result.Refused is { } reason ? ApiResponse.Text(500, reason) : ApiResponse.Json(request, value: true);
    }

    private async ValueTask<ApiResponse> DeregisterAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        DeregisterCommand command;
        try
        {
            command = RegisterBody.DecodeDeregister(request.Body.Span, datacenter);
        }
        catch (GoJsonException error)
        {
            throw RegisterBody.Refused(error);
        }

        if (command.Node.Length == 0)
        {
            throw ApiRefusedException.Failed("Must provide node");
        }

        await log.ApplyAsync(command).ConfigureAwait(false);
        return ApiResponse.Json(request, value: true);
    }

    private ValueTask<ApiResponse> DatacentersAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        _ = ReadOptions.ParseConsistency(request.Query);
        return ValueTask.FromResult(ApiResponse.Json(request, json => RecordJson.WriteTexts(json, datacenters.Names)));
    }

    private ValueTask<ApiResponse> NodesAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        Predicate<NodeRecord>? keep = FilterSchemas.Bind(FilterSchemas.Node, request);
        IReadOnlyList<(string, string)> meta = NodeMetaFilter.Parse(request);
        string? near = NearSorting.Source(request);
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, RadixRange<NodeRecord> nodes) = state.NodeList(watches);
                var found = new List<NodeRecord>();
                foreach (NodeRecord node in nodes)
                {
                    if (NodeMetaFilter.Matches(node, meta) && (keep is null || keep(node)))
                    {
                        found.Add(node);
                    }
                }

                return (index, NearSorting.Sort(state, near, found, n => n.Node));
            },
            nodes => ApiResponse.Json(request, json => WriteList(json, nodes, RecordJson.WriteNode)),
            tellConsistency: true,
            cancellationToken);
    }

    private ValueTask<ApiResponse> ServicesAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string, string)> meta = NodeMetaFilter.Parse(request);
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, RadixRange<ServiceRecord> services) = meta.Count == 0
                    ? state.ServiceList(watches)
                    : state.ServiceListByNodeMeta(watches);
                var tags = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
                foreach (ServiceRecord service in services)
                {
                    if (meta.Count > 0 && (state.Node(service.Node) is not { } node || !NodeMetaFilter.Matches(node, meta)))
                    {
                        continue;
                    }

                    if (!tags.TryGetValue(service.Service, out SortedSet<string>? union))
                    {
                        tags.Add(service.Service, union = new SortedSet<string>(StringComparer.Ordinal));
                    }

                    union.UnionWith(service.Tags);
                }

                return (index, tags);
            },
            services => ApiResponse.Json(request, json =>
            {
                json.BeginObject();
                foreach ((string name, SortedSet<string> tags) in services)
                {
                    json.Name(name);
                    RecordJson.WriteTexts(json, [.. tags]);
                }

                json.EndObject();
            }),
            tellConsistency: true,
            cancellationToken);
    }

    private ValueTask<ApiResponse> ServiceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string name = RequireArgument(request, "Missing service name");
        return ListInstancesAsync(
            request, [.. request.Query.All("tag")], (state, watches) => state.ServiceInstances(name, watches), metrics.CatalogService, cancellationToken);
    }

    private ValueTask<ApiResponse> ConnectAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string name = RequireArgument(request, "Missing service name");
        // A proxy carries its own tags, so that Consul does not look at ?tag here.
        return ListInstancesAsync(request, tags: [], (state, watches) => state.ConnectInstances(name, watches), metrics.CatalogConnect, cancellationToken);
    }

    private ValueTask<ApiResponse> ListInstancesAsync(
        ApiRequest request, string[] tags, StateQuery<RadixRange<ServiceRecord>> query, ServiceQueryMetrics counters, CancellationToken cancellationToken)
    {
        Predicate<CatalogRow>? keep = FilterSchemas.Bind(FilterSchemas.Catalog, request);
        IReadOnlyList<(string, string)> meta = NodeMetaFilter.Parse(request);
        string? near = NearSorting.Source(request);
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, RadixRange<ServiceRecord> services) = query(state, watches);
                var rows = new List<CatalogRow>();
                foreach (ServiceRecord service in services)
                {
                    NodeRecord node = state.Node(service.Node)!;
                    var row = new CatalogRow(node, service);
                    if (Tags.All(service, tags) && NodeMetaFilter.Matches(node, meta) && (keep is null || keep(row)))
                    {
                        rows.Add(row);
                    }
                }

                return (index, NearSorting.Sort(state, near, rows, r => r.Node.Node));
            },
            rows =>
            {
                counters.Answered(request.Argument, tags, rows.Count);
                return ApiResponse.Json(request, json => WriteList(json, rows, static (j, r) => RecordJson.WriteCatalogService(j, r.Node, r.Service)));
            },
            tellConsistency: true,
            cancellationToken);
    }

    private ValueTask<ApiResponse> NodeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ListNodeAsync(
            request,
            (json, node, services) =>
            {
                if (node is null)
                {
                    json.Null();
                    return;
                }

                json.BeginObject();
                json.Name("Node"u8);
                RecordJson.WriteNode(json, node);
                json.Name("Services"u8);
                json.BeginObject();
                foreach (ServiceRecord service in (services ?? []).OrderBy(s => s.Id, StringComparer.Ordinal))
                {
                    json.Name(service.Id);
                    RecordJson.WriteNodeService(json, service);
                }

                json.EndObject();
                json.EndObject();
            },
            cancellationToken);

    private ValueTask<ApiResponse> NodeServicesAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ListNodeAsync(
            request,
            (json, node, services) =>
            {
                json.BeginObject();
                json.Name("Node"u8);
                if (node is null)
                {
                    json.Null();
                }
                else
                {
                    RecordJson.WriteNode(json, node);
                }

                json.Name("Services"u8);
                if (services is null)
                {
                    json.Null();
                }
                else
                {
                    WriteList(json, services, static (j, s) => RecordJson.WriteNodeService(j, s));
                }

                json.EndObject();
            },
            cancellationToken);

    private ValueTask<ApiResponse> ListNodeAsync(
        ApiRequest request, Action<GoJsonWriter, NodeRecord?, List<ServiceRecord>?> write, CancellationToken cancellationToken)
    {
        string name = RequireArgument(request, "Missing node name");
        Predicate<ServiceRecord>? keep = FilterSchemas.Bind(FilterSchemas.Service, request);
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, NodeRecord? node, RadixRange<ServiceRecord> services) = state.NodeServices(name, watches);
                if (node is null)
                {
                    return (StateReader.NothingToWaitFor, (Node: null, Services: null));
                }

                // A node without services has none, one without any that match has an empty list.
                List<ServiceRecord>? kept = services.IsEmpty ? null : [];
                foreach (ServiceRecord service in services)
                {
                    if (keep is null || keep(service))
                    {
                        kept!.Add(service);
                    }
                }

                return (index, (Node: (NodeRecord?)node, Services: kept));
            },
            found => ApiResponse.Json(request, json => write(json, found.Node, found.Services)),
            tellConsistency: true,
            cancellationToken);
    }

    internal static string RequireArgument(ApiRequest request, string missing) =>
        request.Argument.Length > 0 ? request.Argument : throw ApiRefusedException.BadRequest(missing);

    internal static void WriteList<T>(GoJsonWriter json, IReadOnlyList<T> rows, Action<GoJsonWriter, T> write)
    {
        json.BeginArray();
        foreach (T row in rows)
        {
            write(json, row);
        }

        json.EndArray();
    }
}
