using System.Text;
using System.Text.Json;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.Server.Telemetry;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>The JSON of <c>/v1/agent/metrics</c> and SIGUSR1's lines, against what Consul 1.8.7 answered and printed.</summary>
public sealed class MetricsJsonTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 13, 39, 40, TimeSpan.Zero);

    /// <summary>
    /// The recorded answer holds samples of one or two observations, which can be told from their extremes: observed anew, they
    /// must give the same answer to the byte.
    /// </summary>
    [Fact]
    public void The_recorded_answer_comes_out_again_byte_for_byte()
    {
        string recorded = File.ReadAllText(Recorded());
        var time = new ManualTime(Start);
        using var registry = new MetricsRegistry(new MetricsOptions { Prefix = "consul", HostName = "host" }, time);
        using (JsonDocument answer = JsonDocument.Parse(recorded))
        {
            Replay(answer.RootElement, registry);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(recorded, Json(registry.Latest(), pretty: true));
    }

    [Fact]
    public void Nothing_observed_is_empty_lists()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), new ManualTime(Start));
        Assert.Equal(
            """{"Timestamp":"2026-11-20 13:39:40 +0000 UTC","Gauges":[],"Points":[],"Counters":[],"Samples":[]}""",
            Json(registry.Latest(), pretty: false));
    }

    [Fact]
    public void The_dump_is_that_of_go_metrics()
    {
        var time = new ManualTime(Start);
        using var registry = new MetricsRegistry(new MetricsOptions { HostName = "vm" }, time);
        Assert.Equal(string.Empty, MetricsDump.Describe(registry));
        time.Advance(TimeSpan.FromMilliseconds(1064.5));
        registry.Gauge("raft.last_index").Set(12);
        registry.Counter("memberlist.msg.alive").Add(1);
        registry.Counter("memberlist.msg.alive").Add(1);
        Sample sample = registry.Sample("dns.domain_query", isHot: false, new MetricLabel("node", "a b:c"));
        sample.Observe(1);
        sample.Observe(2);
        Assert.Equal(string.Empty, MetricsDump.Describe(registry));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            """
            [2026-11-20 13:39:40 +0000 UTC][G] 'consul.vm.raft.last_index': 12.000
            [2026-11-20 13:39:40 +0000 UTC][C] 'consul.memberlist.msg.alive': Count: 2 Sum: 2.000 LastUpdated: 2026-11-20 13:39:41.0645 +0000 UTC m=+1.064500000
            [2026-11-20 13:39:40 +0000 UTC][S] 'consul.dns.domain_query.a_b_c': Count: 2 Min: 1.000 Mean: 1.500 Max: 2.000 Stddev: 0.707 Sum: 3.000 LastUpdated: 2026-11-20 13:39:41.0645 +0000 UTC m=+1.064500000
            """.ReplaceLineEndings("\n"),
            MetricsDump.Describe(registry));
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("format=prometheus", "", true)]
    [InlineData("format=openmetrics", "", false)]
    [InlineData("format=Prometheus", "", false)]
    [InlineData("", "application/openmetrics-text", true)]
    [InlineData("", "text/plain;version=0.4.0", true)]
    [InlineData("", "text/plain; version=0.4.0; q=0.3", true)]
    [InlineData("", "text/plain", false)]
    [InlineData("", "text/plain;version=0.0.4", false)]
    [InlineData("", "*/*", false)]
    [InlineData("", "application/json, Application/OpenMetrics-Text;version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    public void Prometheus_is_answered_when_asked_for_as_Consul_understands_it(string query, string accept, bool expected)
    {
        var request = new ApiRequest
        {
            Method = "GET",
            Path = "/v1/agent/metrics",
            Query = ApiQuery.Parse(query)!,
            Source = new ApiSource("n", "dc1", string.Empty),
            Headers = new Dictionary<string, string> { ["accept"] = accept },
        };
        Assert.Equal(expected, MetricsEndpoint.WantsPrometheus(request));
    }

    private static string Recorded([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Testdata", "metrics-1.8.7.json");

    private static void Replay(JsonElement answer, MetricsRegistry registry)
    {
        foreach (JsonElement gauge in answer.GetProperty("Gauges").EnumerateArray())
        {
            registry.Gauge(Name(gauge, "consul.host."), LabelsOf(gauge)).Set(gauge.GetProperty("Value").GetSingle());
        }

        foreach (JsonElement counter in answer.GetProperty("Counters").EnumerateArray())
        {
            for (int i = 0; i < counter.GetProperty("Count").GetInt32(); i++)
            {
                registry.Counter(Name(counter, "consul."), isHot: false, LabelsOf(counter)).Increment();
            }
        }

        foreach (JsonElement sample in answer.GetProperty("Samples").EnumerateArray())
        {
            Sample instrument = registry.Sample(Name(sample, "consul."), isHot: false, LabelsOf(sample));
            instrument.Observe((float)sample.GetProperty("Min").GetDouble());
            if (sample.GetProperty("Count").GetInt32() == 2)
            {
                instrument.Observe((float)sample.GetProperty("Max").GetDouble());
            }
        }
    }

    private static string Name(JsonElement metric, string prefix) => metric.GetProperty("Name").GetString()![prefix.Length..];

    private static MetricLabel[] LabelsOf(JsonElement metric) =>
        [.. metric.GetProperty("Labels").EnumerateObject().Select(label => new MetricLabel(label.Name, label.Value.GetString()!))];

    private static string Json(MetricsInterval interval, bool pretty)
    {
        using var body = new PooledBuffer();
        var json = new GoJsonWriter(body, pretty);
        MetricsEndpoint.Write(json, interval);
        json.EndDocument();
        return Encoding.UTF8.GetString(body.Memory.Span);
    }
}
