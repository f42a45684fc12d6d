using System.Net;
using System.Text.Json;
using K8sConsul.Testing;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>A running agent: what it tells about itself, and the names beside those of Consul 1.8.7 under the same work.</summary>
public sealed class AgentMetricsTests
{
    private const string WithPrometheus = """telemetry { prometheus_retention_time = "1h" disable_hostname = true }""";

    /// <summary>Families that only the real one has, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotOurs = new(StringComparer.Ordinal)
    {
        ["consul_consul_fsm_ca"] = "no Connect",
        ["consul_fsm_ca"] = "no Connect",
        ["consul_fsm_federation_state_dc1"] = "no federation",
        ["consul_fsm_persist"] = "an archive is written from the state itself, without a snapshot of Raft",
        ["consul_raft_fsm_snapshot"] = "the same",
        ["consul_raft_snapshot_create"] = "the same",
        ["consul_raft_snapshot_persist"] = "the same",
        ["consul_raft_snapshot_takeSnapshot"] = "the same",
        ["consul_raft_compactLogs"] = "the same",
        ["consul_raft_fsm_restore"] = "a restore goes through the log",
        ["consul_rpc_accept_conn"] = "a lone server does not call itself over the network",
        ["consul_rpc_request"] = "the same",
        ["consul_runtime_free_count"] = "a figure of Go's runtime",
        ["consul_runtime_heap_objects"] = "a figure of Go's runtime",
        ["consul_runtime_malloc_count"] = "a figure of Go's runtime",
        ["consul_runtime_num_goroutines"] = "a figure of Go's runtime",
        ["consul_runtime_gc_pause_ns"] = "when a garbage collection happens to come",
        ["consul_cache_fetch_success"] = "no cache in the agent",
        ["consul_memberlist_health_score"] = "when the member doubts itself",
    };

    [Fact]
    public async Task Names_and_kinds_are_those_of_the_real_program_under_the_same_work()
    {
        await using RealConsulAgent real = await RealConsulAgent.StartAsync(
            """ "telemetry":{"prometheus_retention_time":"1h","disable_hostname":true} """);
        await using OurAgent ours = await OurAgent.StartAsync(WithPrometheus);
        await Workload.RunAsync(real.Http, real.DnsEndPoint);
        await Workload.RunAsync(ours.Http, ours.DnsEndPoint);
        HashSet<string> expected = await FamiliesAsync(real.Http);
        expected.ExceptWith(NotOurs.Keys.SelectMany(name => (string[])[name + " counter", name + " gauge", name + " summary"]));
        HashSet<string> found = [];

        // Some of it happens beside the requests: gossip, the leader's duties, the agent's synchronisation.
        string missing = "?";
        try
        {
            await ours.UntilAsync("all of the real program's names", async () =>
            {
                found = await FamiliesAsync(ours.Http);
                missing = string.Join('\n', expected.Except(found).Order(StringComparer.Ordinal));
                return missing.Length == 0;
            });
        }
        catch (Xunit.Sdk.FailException failure)
        {
            Assert.Fail($"{failure.Message}; missing:\n{missing}");
        }

        // What we have besides must be a name that Consul has as well, at another time.
        string[] others = [.. found.Except(await FamiliesAsync(real.Http)).Order(StringComparer.Ordinal)];
        Assert.All(others, name => Assert.Matches(
            "^consul_(autopilot_|leader_|memberlist_|serf_|raft_|rpc_|http_GET_v1_agent_metrics|client_rpc|runtime_(alloc_bytes|sys_bytes|total_gc_|gc_pause_ns)|dns_|fsm_|session|catalog_|health_)", name));
    }

    [Fact]
    public async Task Json_is_served_from_the_first_second_and_tells_the_work()
    {
        await using OurAgent agent = await OurAgent.StartAsync(string.Empty);
        await Workload.RunAsync(agent.Http, agent.DnsEndPoint);
        await agent.UntilAsync("an interval with the writes in it", async () =>
        {
            using JsonDocument answer = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/metrics"));
            return answer.RootElement.GetProperty("Samples").EnumerateArray().Any(sample => sample.GetProperty("Name").GetString() == "consul.kvs.apply")
                && answer.RootElement.GetProperty("Gauges").EnumerateArray().Any(gauge => gauge.GetProperty("Name").GetString() == "consul.raft.applied_index");
        });
        await agent.UntilAsync(
            "SIGUSR1's text tells the finished interval",
            () => Task.FromResult(agent.DescribeMetrics().Contains("[C] 'consul.raft.apply': Count: ", StringComparison.Ordinal)));
        using HttpResponseMessage refused = await agent.Http.GetAsync("/v1/agent/metrics?format=prometheus");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal("Prometheus is not enabled since its retention time is not positive", await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_filter_and_the_prefix_are_those_of_the_configuration()
    {
        await using OurAgent agent = await OurAgent.StartAsync(
            """telemetry { prometheus_retention_time = "1h" metrics_prefix = "c" filter_default = false prefix_filter = ["+c.raft", "-c.raft.fsm"] disable_hostname = true }""");
        List<StrictPrometheusReader.Family> families = await ReadAsync(agent.Http);
        string[] names = [.. families.Select(family => family.Name).Where(name => !name.StartsWith("process_", StringComparison.Ordinal) && !name.StartsWith("dotnet_", StringComparison.Ordinal))];
        Assert.Contains("c_raft_apply", names);
        Assert.All(names, name => Assert.StartsWith("c_raft_", name, StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.StartsWith("c_raft_fsm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gauges_carry_the_host_where_metrics_of_many_hosts_come_together()
    {
        await using OurAgent agent = await OurAgent.StartAsync("""telemetry { prometheus_retention_time = "1h" }""");
        string host = Agent.Telemetry.PrometheusText.NameOf(Environment.MachineName);
        Assert.Contains(await ReadAsync(agent.Http), family => family.Name == $"consul_{host}_raft_applied_index" && family.Type == "gauge");
    }

    private static async Task<List<StrictPrometheusReader.Family>> ReadAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync("/v1/agent/metrics?format=prometheus");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        return StrictPrometheusReader.Read(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HashSet<string>> FamiliesAsync(HttpClient http) =>
    [
        .. (await ReadAsync(http))
            .Where(family => family.Name.StartsWith("consul_", StringComparison.Ordinal))
            .Select(family => $"{family.Name} {family.Type}"),
    ];
}
