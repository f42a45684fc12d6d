using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary><c>GET /v1/agent/metrics</c>: the last interval as JSON, or everything since the start for Prometheus.</summary>
internal sealed class MetricsEndpoint(MetricsRegistry registry, ProcessFigures process)
{
    private const string PrometheusType = "text/plain; version=0.0.4; charset=utf-8";

    public IEnumerable<ApiRoute> Routes()
    {
        yield return new ApiRoute("/v1/agent/metrics", ("GET", ApiScope.Agent, (request, _) => ValueTask.FromResult(Answer(request))));
    }

    private ApiResponse Answer(ApiRequest request)
    {
        if (!WantsPrometheus(request))
        {
            return ApiResponse.Json(request, json => Write(json, registry.Latest()));
        }

        return registry.ServesPrometheus
            ? ApiResponse.Bytes(200, PrometheusType, PrometheusText.Write(registry.Totals(PrometheusText.Ranks), process.Read()))
            : ApiResponse.Text(415, "Prometheus is not enabled since its retention time is not positive");
    }

    /// <summary>
    /// 0.4.0 is a slip of Consul's (the format is at 0.0.4), which clients may have learnt to rely on. OpenMetrics is answered
    /// in Prometheus' older format, as Consul does.
    /// </summary>
    internal static bool WantsPrometheus(ApiRequest request)
    {
        if (string.Equals(request.Query["format"], "prometheus", StringComparison.Ordinal))
        {
            return true;
        }

        foreach (string accepted in request.Headers.GetValueOrDefault("accept", string.Empty).Split(','))
        {
            string[] parts = accepted.Split(';');
            string type = parts[0].Trim(' ').ToLowerInvariant();
            if (type == "application/openmetrics-text" || (type == "text/plain" && parts.Length > 1 && parts[1].Trim(' ') == "version=0.4.0"))
            {
                return true;
            }
        }

        return false;
    }

    internal static void Write(GoJsonWriter json, MetricsInterval interval)
    {
        json.BeginObject();
        json.Name("Timestamp"u8);
        json.String(GoNumber.Time(interval.Start));
        json.Name("Gauges"u8);
        json.BeginArray();
        foreach (GaugeValue gauge in interval.Gauges)
        {
            json.BeginObject();
            json.Name("Name"u8);
            json.String(gauge.Identity.Name);
            json.Name("Value"u8);
            json.Number(gauge.Value);
            WriteLabels(json, gauge.Identity);
            json.EndObject();
        }

        json.EndArray();
        json.Name("Points"u8);
        json.BeginArray();
        json.EndArray();
        json.Name("Counters"u8);
        Write(json, interval.Counters, interval.Length);
        json.Name("Samples"u8);
        Write(json, interval.Samples, interval.Length);
        json.EndObject();
    }

    private static void Write(GoJsonWriter json, IReadOnlyList<AggregateValue> values, TimeSpan interval)
    {
        json.BeginArray();
        foreach ((MetricIdentity identity, Aggregate value) in values)
        {
            json.BeginObject();
            json.Name("Name"u8);
            json.String(identity.Name);
            json.Name("Count"u8);
            json.Number(value.Count);
            json.Name("Rate"u8);
            json.Number(value.Rate(interval));
            json.Name("Sum"u8);
            json.Number(value.Sum);
            json.Name("Min"u8);
            json.Number(value.Min);
            json.Name("Max"u8);
            json.Number(value.Max);
            json.Name("Mean"u8);
            json.Number(value.Mean);
            json.Name("Stddev"u8);
            json.Number(value.StandardDeviation);
            WriteLabels(json, identity);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteLabels(GoJsonWriter json, MetricIdentity identity)
    {
        json.Name("Labels"u8);
        json.BeginObject();
        foreach (MetricLabel label in identity.Labels.OrderBy(label => label.Name, StringComparer.Ordinal))
        {
            json.Name(label.Name);
            json.String(label.Value);
        }

        json.EndObject();
    }
}
