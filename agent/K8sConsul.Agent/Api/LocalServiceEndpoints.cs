using System.Globalization;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Filter;
using K8sConsul.Go;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Filtering;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Endpoints;
using K8sConsul.State.Records;
using CheckStatus = K8sConsul.Agent.Local.Definitions.CheckStatus;

namespace K8sConsul.Agent.Api;

/// <summary>The agent's own services and checks: <c>/v1/agent/service…</c>, <c>/v1/agent/check…</c>, <c>/v1/agent/health…</c>.</summary>
internal sealed class LocalServiceEndpoints(LocalRegistry registry, string nodeName, Func<TimeSpan> hashWaitMax, Func<int> outputBytesMax, TimeProvider time)
{
    public IEnumerable<ApiRoute> Routes()
    {
        yield return Route("/v1/agent/services", "GET", Services);
        yield return new ApiRoute("/v1/agent/service/", ("GET", ApiScope.Agent, ServiceAsync));
        yield return Route("/v1/agent/checks", "GET", Checks);
        yield return Route("/v1/agent/service/register", "PUT", RegisterService);
        yield return Route("/v1/agent/service/deregister/", "PUT", DeregisterService);
        yield return Route("/v1/agent/service/maintenance/", "PUT", ServiceMaintenance);
        yield return Route("/v1/agent/maintenance", "PUT", NodeMaintenance);
        yield return Route("/v1/agent/check/register", "PUT", RegisterCheck);
        yield return Route("/v1/agent/check/deregister/", "PUT", DeregisterCheck);
        yield return Route("/v1/agent/check/pass/", "PUT", r => Update(r, CheckStatus.Passing));
        yield return Route("/v1/agent/check/warn/", "PUT", r => Update(r, CheckStatus.Warning));
        yield return Route("/v1/agent/check/fail/", "PUT", r => Update(r, CheckStatus.Critical));
        yield return Route("/v1/agent/check/update/", "PUT", UpdateFromBody);
        yield return Route("/v1/agent/health/service/id/", "GET", HealthById);
        yield return Route("/v1/agent/health/service/name/", "GET", HealthByName);
    }

    internal static ApiRoute Route(string path, string method, Func<ApiRequest, ApiResponse> handler) =>
        new(path, (method, ApiScope.Agent, (request, _) => ValueTask.FromResult(handler(request))));

    private ApiResponse Services(ApiRequest request)
    {
        Predicate<ServiceRecord>? keep = FilterSchemas.Bind(FilterSchemas.Service, request);
        LocalSnapshot snapshot = registry.State.Current;
        return ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            foreach ((string id, LocalService service) in snapshot.Services)
            {
                if (keep is null || keep(LocalRecords.Service(service.Definition, nodeName)))
                {
                    json.Name(id);
                    LocalJson.WriteService(json, service);
                }
            }

            json.EndObject();
        });
    }

    private ApiResponse Checks(ApiRequest request)
    {
        LocalSnapshot snapshot = registry.State.Current;
        Predicate<CheckRecord>? keep = BindChecks(request, snapshot);
        return ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            foreach ((string id, LocalCheck check) in snapshot.Checks)
            {
                CheckRecord record = LocalRecords.Check(check, nodeName);
                if (keep is null || keep(record))
                {
                    json.Name(id);
                    RecordJson.WriteCheck(json, record);
                }
            }

            json.EndObject();
        });
    }

    /// <summary>Here 1.8.7 reports a bad selector without the usual prefix, and only when there is a check to look at.</summary>
    private static Predicate<CheckRecord>? BindChecks(ApiRequest request, LocalSnapshot snapshot)
    {
        string text = request.Query["filter"];
        if (text.Length == 0)
        {
            return null;
        }

        if (!FilterExpression.TryParse(text, out FilterExpression? expression, out string? error))
        {
            throw ApiRefusedException.Failed(FilterExpression.ErrorPrefix + error);
        }

        if (expression.TryBind(FilterSchemas.Check, out Predicate<CheckRecord>? keep, out error))
        {
            return keep;
        }

        return snapshot.Checks.Count == 0 ? null : throw ApiRefusedException.Failed(error);
    }

    /// <summary>One service, blocking on its content hash.</summary>
    private async ValueTask<ApiResponse> ServiceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        string id = request.Argument;
        string known = request.Query["hash"];
        TimeSpan wait = hashWaitMax();
        if (request.Query["wait"] is { Length: > 0 } text)
        {
            wait = GoDuration.TryParse(text, out GoDuration given, out _)
                ? TimeSpan.FromTicks(given.Nanoseconds / TimeSpan.NanosecondsPerTick)
                : throw ApiRefusedException.BadRequest("Invalid wait time");
        }

        if (known.Length > 0)
        {
            using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using ITimer timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), longest, wait, Timeout.InfiniteTimeSpan);
            try
            {
                await registry.State.WaitForServiceChangeAsync(id, known, longest.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The wait is over: the same answer again.
            }
        }

        if (!registry.State.Current.TryGetService(id, out LocalService? service))
        {
            return ApiResponse.Text(404, $"unknown service ID: {id}");
        }

        return ApiResponse.Json(request, json => LocalJson.WriteService(json, service, service.ContentHash))
            .WithHeader("X-Consul-Contenthash", service.ContentHash);
    }

    private ApiResponse RegisterService(ApiRequest request)
    {
        ServiceDefinition definition = Decode(request, ServiceDefinitionBody.GoType, static body => ServiceDefinitionBody.Decode(body));

        // The registry has the rules of every service; those of a proxy's upstreams are the catalog's.
        if (ServiceRules.Validate(definition) is null && CatalogRules.Kind(LocalRecords.Service(definition, nodeName)) is { } wrong)
        {
            throw ApiRefusedException.BadRequest(wrong);
        }

        bool replace = request.Query.Has("replace-existing-checks") && request.Query["replace-existing-checks"] is "" or "true";
        return Answer(registry.RegisterService(
            definition with { Token = definition.Token.Length > 0 ? definition.Token : request.Token },
            RegistrationSource.Api,
            replace));
    }

    private ApiResponse DeregisterService(ApiRequest request)
    {
        if (request.Argument.Length == 0)
        {
            return ApiResponse.Text(500, "ServiceID missing");
        }

        registry.DeregisterService(request.Argument);
        return ApiResponse.Empty();
    }

    private ApiResponse RegisterCheck(ApiRequest request)
    {
        CheckDefinition definition = Decode(request, CheckDefinitionBody.GoType, static body => CheckDefinitionBody.Decode(body));
        if (definition.Name.Length == 0)
        {
            throw ApiRefusedException.BadRequest("Missing check name");
        }

        if (!definition.HasValidStatus)
        {
            throw ApiRefusedException.BadRequest("Bad check status");
        }

        return Answer(registry.RegisterCheck(
            definition with { Token = definition.Token.Length > 0 ? definition.Token : request.Token },
            RegistrationSource.Api));
    }

    private ApiResponse DeregisterCheck(ApiRequest request)
    {
        if (request.Argument.Length == 0)
        {
            return ApiResponse.Text(500, "CheckID missing");
        }

        registry.DeregisterCheck(request.Argument);
        return ApiResponse.Empty();
    }

    private ApiResponse Update(ApiRequest request, CheckStatus status) =>
        Answer(registry.UpdateTtl(request.Argument, status, Cut(request.Query["note"])));

    private ApiResponse UpdateFromBody(ApiRequest request)
    {
        (string status, string output) = Decode(request, "agent.checkUpdate", static body =>
        {
            string status = string.Empty;
            string output = string.Empty;
            foreach ((string name, GoJsonValue value) in body.Members)
            {
                switch (name.ToLowerInvariant())
                {
                    case "status":
                        status = JsonDecode.Text(value, "checkUpdate.Status");
                        break;
                    case "output":
                        output = JsonDecode.Text(value, "checkUpdate.Output");
                        break;
                    default:
                        throw JsonDecode.Unknown(name);
                }
            }

            return (status, output);
        });
        return CheckStatusText.TryParse(status, out CheckStatus parsed)
            ? Answer(registry.UpdateTtl(request.Argument, parsed, Cut(output)))
            : ApiResponse.Text(400, $"Invalid check status: '{status}'");
    }

    private string Cut(string output)
    {
        int bytesMax = outputBytesMax();
        return output.Length <= bytesMax
            ? output
            : string.Create(CultureInfo.InvariantCulture, $"{output[..bytesMax]} ... (captured {bytesMax} of {output.Length} bytes)");
    }

    private ApiResponse ServiceMaintenance(ApiRequest request)
    {
        string id = request.Argument;
        if (id.Length == 0)
        {
            return ApiResponse.Text(400, "Missing service ID");
        }

        Refusal? refusal = Enable(request)
            ? registry.EnableServiceMaintenance(id, request.Query["reason"], request.Token)
            : registry.DisableServiceMaintenance(id);
        return refusal is null ? ApiResponse.Empty() : ApiResponse.Text(404, refusal.Text);
    }

    private ApiResponse NodeMaintenance(ApiRequest request)
    {
        if (Enable(request))
        {
            registry.EnableNodeMaintenance(request.Query["reason"], request.Token);
        }
        else
        {
            registry.DisableNodeMaintenance();
        }

        return ApiResponse.Empty();
    }

    private static bool Enable(ApiRequest request)
    {
        if (!request.Query.Has("enable"))
        {
            throw ApiRefusedException.BadRequest("Missing value for enable");
        }

        string text = request.Query["enable"];
        return GoNumber.TryParseBool(text, out bool isEnabled)
            ? isEnabled
            : throw ApiRefusedException.BadRequest($"Invalid value for enable: {GoText.Quote(text)}");
    }

    private ApiResponse HealthById(ApiRequest request)
    {
        string id = request.Argument;
        if (id.Length == 0)
        {
            return ApiResponse.Text(500, "Bad request: Missing serviceID");
        }

        ServiceHealth? health = AggregatedHealth.OfServiceId(registry.State.Current, id);
        if (health is null)
        {
            // Whoever asked for text gets it as JSON here, and only here.
            string reason = $"ServiceId {id} not found";
            return WantsText(request)
                ? ApiResponse.Json(request, json => json.String(reason), status: 404).WithHeader("X-Consul-Reason", reason)
                : WithReason(request, 404, reason, json =>
            {
                json.BeginObject();
                json.Name("AggregatedStatus"u8);
                json.String("critical");
                json.Name("Service"u8);
                json.Null();
                json.Name("Checks"u8);
                json.Null();
                json.EndObject();
            });
        }

        return WithReason(request, health.Status.HttpStatus(), health.Status.Text(), json => WriteHealth(json, health));
    }

    private ApiResponse HealthByName(ApiRequest request)
    {
        string name = request.Argument;
        if (name.Length == 0)
        {
            return ApiResponse.Text(500, "Bad request: Missing service Name");
        }

        (IReadOnlyList<ServiceHealth> instances, AggregatedStatus worst) = AggregatedHealth.OfServiceName(registry.State.Current, name);
        (int status, string reason) = instances.Count == 0
            ? (404, $"ServiceName {name} Not Found")
            : (worst.HttpStatus(), worst.Text());
        return WithReason(request, status, reason, json =>
        {
            json.BeginArray();
            foreach (ServiceHealth instance in instances)
            {
                WriteHealth(json, instance);
            }

            json.EndArray();
        });
    }

    private void WriteHealth(GoJsonWriter json, ServiceHealth health)
    {
        json.BeginObject();
        json.Name("AggregatedStatus"u8);
        json.String(health.Status.Text());
        json.Name("Service"u8);
        LocalJson.WriteService(json, health.Service);
        json.Name("Checks"u8);
        json.BeginArray();
        foreach (LocalCheck check in health.Checks)
        {
            LocalJson.WriteHealthCheck(json, check, nodeName);
        }

        json.EndArray();
        json.EndObject();
    }

    /// <summary>The header counts before the parameter.</summary>
    private static bool WantsText(ApiRequest request) =>
        request.Headers.GetValueOrDefault("accept", string.Empty).StartsWith("text/plain", StringComparison.Ordinal)
        || string.Equals(request.Query["format"], "text", StringComparison.Ordinal);

    private static ApiResponse WithReason(ApiRequest request, int status, string reason, Action<GoJsonWriter> write)
    {
        ApiResponse answer = WantsText(request)
            ? ApiResponse.Bytes(status, "text/plain", System.Text.Encoding.UTF8.GetBytes(reason))
            : ApiResponse.Json(request, write, status);
        return answer.WithHeader("X-Consul-Reason", reason);
    }

    private static T Decode<T>(ApiRequest request, string goType, Func<GoJsonValue, T> decode)
    {
        try
        {
            return decode(JsonDecode.Object(request.Body.Span, goType));
        }
        catch (GoJsonException error)
        {
            throw ApiRefusedException.BadRequest("Request decode failed: " + error.Message);
        }
    }

    private static ApiResponse Answer(Refusal? refusal) => refusal is null
        ? ApiResponse.Empty()
        : ApiResponse.Text(refusal.Kind == RefusalKind.BadRequest ? 400 : 500, refusal.Text);
}
