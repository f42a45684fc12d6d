using K8sConsul.Go;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Filtering;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary><c>/v1/health/…</c></summary>
public sealed class HealthEndpoints(StateReader reader, ServerMetrics metrics)
{
    private const string AnyState = "any";

    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/health/node/", ("GET", ApiScope.Read, NodeAsync));
        yield return new ApiRoute("/v1/health/checks/", ("GET", ApiScope.Read, ChecksAsync));
        yield return new ApiRoute("/v1/health/state/", ("GET", ApiScope.Read, StateAsync));
        yield return new ApiRoute("/v1/health/service/", ("GET", ApiScope.Read, ServiceAsync));
        yield return new ApiRoute("/v1/health/connect/", ("GET", ApiScope.Read, ConnectAsync));
    }

    private ValueTask<ApiResponse> NodeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string node = CatalogEndpoints.RequireArgument(request, "Missing node name");
        return ListChecksAsync(request, (state, watches) => Widen(state.ChecksOfNode(node, watches)), cancellationToken);
    }

    private ValueTask<ApiResponse> ChecksAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string service = CatalogEndpoints.RequireArgument(request, "Missing service name");
        bool byMeta = request.Query.Has("node-meta");
        return ListChecksAsync(
            request,
            (state, watches) =>
            {
                (ulong index, IEnumerable<CheckRecord> checks) = Widen(state.ChecksOfService(service, watches));

                // With node-meta the answer depends on the service's nodes too.
                return (byMeta ? state.ServiceInstances(service, watches).Index : index, checks);
            },
            cancellationToken);
    }

    private ValueTask<ApiResponse> StateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string status = CatalogEndpoints.RequireArgument(request, "Missing check state");
        return ListChecksAsync(
            request,
            (state, watches) =>
            {
                // Consul compares states with case.
                (ulong index, IEnumerable<CheckRecord> checks) = state.ChecksInState(status, watches);
                return (index, status == AnyState ? checks : checks.Where(c => string.Equals(c.Status, status, StringComparison.Ordinal)));
            },
            cancellationToken);
    }

    private static (ulong Index, IEnumerable<CheckRecord> Checks) Widen((ulong Index, RadixRange<CheckRecord> Checks) found) =>
        (found.Index, found.Checks);

    private ValueTask<ApiResponse> ListChecksAsync(
        ApiRequest request, StateQuery<IEnumerable<CheckRecord>> query, CancellationToken cancellationToken)
    {
        Predicate<CheckRecord>? keep = FilterSchemas.Bind(FilterSchemas.Check, request);
        IReadOnlyList<(string, string)> meta = NodeMetaFilter.Parse(request);
        string? near = NearSorting.Source(request);
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, IEnumerable<CheckRecord> checks) = query(state, watches);
                var kept = new List<CheckRecord>();
                foreach (CheckRecord check in checks)
                {
                    if (keep is not null && !keep(check))
                    {
                        continue;
                    }

                    if (meta.Count == 0 || (state.Node(check.Node) is { } node && NodeMetaFilter.Matches(node, meta)))
                    {
                        kept.Add(check);
                    }
                }

                return (index, NearSorting.Sort(state, near, kept, c => c.Node));
            },
            checks => ApiResponse.Json(request, json => CatalogEndpoints.WriteList(json, checks, RecordJson.WriteCheck)),
            tellConsistency: true,
            cancellationToken);
    }

    private ValueTask<ApiResponse> ServiceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string name = CatalogEndpoints.RequireArgument(request, "Missing service name");
        return ListInstancesAsync(
            request, [.. request.Query.All("tag")], (state, watches) => state.ServiceHealth(name, watches), metrics.HealthService, cancellationToken);
    }

    private ValueTask<ApiResponse> ConnectAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string name = CatalogEndpoints.RequireArgument(request, "Missing service name");
        // A proxy carries its own tags, so that Consul does not look at ?tag here.
        return ListInstancesAsync(request, tags: [], (state, watches) => state.ConnectHealth(name, watches), metrics.HealthConnect, cancellationToken);
    }

    private ValueTask<ApiResponse> ListInstancesAsync(
        ApiRequest request, string[] tags, StateQuery<IReadOnlyList<HealthRecord>> query, ServiceQueryMetrics counters, CancellationToken cancellationToken)
    {
        Predicate<HealthRecord>? keep = FilterSchemas.Bind(FilterSchemas.Health, request);
        IReadOnlyList<(string, string)> meta = NodeMetaFilter.Parse(request);
        string? near = NearSorting.Source(request);
        bool passingOnly = PassingOnly(request);
        bool all = keep is null && meta.Count == 0 && tags.Length == 0 && near is null && !passingOnly;
        return reader.ReadAsync(
            request,
            (state, watches) =>
            {
                (ulong index, IReadOnlyList<HealthRecord> instances) = query(state, watches);
                if (all)
                {
                    return (index, instances);
                }

                var kept = new List<HealthRecord>();
                foreach (HealthRecord instance in instances)
                {
                    if (Tags.All(instance.Service, tags)
                        && NodeMetaFilter.Matches(instance.Node, meta)
                        && (keep is null || keep(instance))
                        && (!passingOnly || IsPassing(instance)))
                    {
                        kept.Add(instance);
                    }
                }

                return (index, NearSorting.Sort(state, near, kept, h => h.Node.Node));
            },
            instances =>
            {
                counters.Answered(request.Argument, tags, instances.Count);
                return ApiResponse.Json(request, json => CatalogEndpoints.WriteList(json, instances, RecordJson.WriteHealth));
            },
            tellConsistency: true,
            cancellationToken);
    }

    private static bool IsPassing(HealthRecord instance)
    {
        foreach (CheckRecord check in instance.Checks)
        {
            if (!string.Equals(check.Status, CheckStatus.Passing, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary><c>?passing</c> alone means true; with a value it is one of Go's booleans.</summary>
    private static bool PassingOnly(ApiRequest request)
    {
        if (!request.Query.Has("passing"))
        {
            return false;
        }

        string text = request.Query["passing"];
        return text.Length == 0
            || (GoNumber.TryParseBool(text, out bool isPassing) ? isPassing : throw ApiRefusedException.BadRequest("Invalid value for ?passing"));
    }
}
