using System.Text;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Server.Telemetry;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>The text that Prometheus scrapes.</summary>
public sealed class PrometheusTextTests
{
    private readonly ManualTime _time = new();
    private readonly MetricsRegistry _registry;

    public PrometheusTextTests() =>
        _registry = new MetricsRegistry(new MetricsOptions { HostName = "vm", PrometheusRetention = TimeSpan.FromMinutes(1) }, _time);

    /// <summary>Every line of it was seen in a real answer, with other numbers.</summary>
    [Fact]
    public void Each_kind_is_written_as_the_real_one_writes_it()
    {
        _registry.Counter("serf.events.consul:new-leader").Increment();
        _registry.Counter("catalog.service.query", isHot: false, new MetricLabel("service", "web")).Add(2);
        _registry.Counter("catalog.service.query", isHot: false, new MetricLabel("service", "nosuch")).Increment();
        _registry.Gauge("runtime.sys_bytes").Set(74793984);
        _registry.Sample("raft.commitTime").Observe(0.25f);
        _registry.Sample("fsm.kvs", isHot: false, new MetricLabel("op", "set")).Observe(0.5f);
        Assert.Equal(
            """
            # HELP consul_catalog_service_query consul_catalog_service_query
            # TYPE consul_catalog_service_query counter
            consul_catalog_service_query{service="nosuch"} 1
            consul_catalog_service_query{service="web"} 2
            # HELP consul_fsm_kvs consul_fsm_kvs
            # TYPE consul_fsm_kvs summary
            consul_fsm_kvs{op="set",quantile="0.5"} 0.5
            consul_fsm_kvs{op="set",quantile="0.9"} 0.5
            consul_fsm_kvs{op="set",quantile="0.99"} 0.5
            consul_fsm_kvs_sum{op="set"} 0.5
            consul_fsm_kvs_count{op="set"} 1
            # HELP consul_raft_commitTime consul_raft_commitTime
            # TYPE consul_raft_commitTime summary
            consul_raft_commitTime{quantile="0.5"} 0.25
            consul_raft_commitTime{quantile="0.9"} 0.25
            consul_raft_commitTime{quantile="0.99"} 0.25
            consul_raft_commitTime_sum 0.25
            consul_raft_commitTime_count 1
            # HELP consul_serf_events_consul:new_leader consul_serf_events_consul:new_leader
            # TYPE consul_serf_events_consul:new_leader counter
            consul_serf_events_consul:new_leader 1
            # HELP consul_vm_runtime_sys_bytes consul_vm_runtime_sys_bytes
            # TYPE consul_vm_runtime_sys_bytes gauge
            consul_vm_runtime_sys_bytes 7.4793984e+07

            """.ReplaceLineEndings("\n"),
            Text([]));
        _ = StrictPrometheusReader.Read(Text([]));
    }

    [Fact]
    public void An_idle_summary_keeps_its_sum_and_has_no_quantiles()
    {
        _registry.Sample("raft.commitTime").Observe(3);
        _time.Advance(TimeSpan.FromSeconds(20));
        StrictPrometheusReader.Family family = Assert.Single(StrictPrometheusReader.Read(Text([])));
        Assert.Equal([double.NaN, double.NaN, double.NaN, 3, 1], family.Series.Select(series => series.Value));
    }

    [Fact]
    public void Whatever_a_label_holds_the_text_stays_readable()
    {
        var random = new Random(5);
        const string Characters = "a\"\\\n{},= #é\u0001";
        for (int i = 0; i < 300; i++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Characters[random.Next(Characters.Length)]));
            _registry.Counter("c", isHot: false, new MetricLabel("k", value + i)).Increment();
        }

        Assert.Equal(300, Assert.Single(StrictPrometheusReader.Read(Text([]))).Series.Count);
    }

    [Theory]
    [InlineData("consul.raft.commitTime", "consul_raft_commitTime")]
    [InlineData("consul.http.GET.v1.kv._", "consul_http_GET_v1_kv__")]
    [InlineData("consul.serf.events.consul:new-leader", "consul_serf_events_consul:new_leader")]
    [InlineData("a b=c/d-e.f", "a_b_c_d_e_f")]
    [InlineData("1host.x", "_1host_x")]
    [InlineData("höst.x", "h_st_x")]
    public void Names(string dotted, string expected) => Assert.Equal(expected, PrometheusText.NameOf(dotted));

    /// <summary>A name with two types would make Prometheus refuse everything.</summary>
    [Fact]
    public void Two_kinds_that_meet_in_one_name_do_not_both_appear()
    {
        _registry.Counter("a.b").Increment();
        _registry.Sample("a-b").Observe(1);
        Assert.Equal("counter", Assert.Single(StrictPrometheusReader.Read(Text([]))).Type);
    }

    [Fact]
    public void The_process_tells_its_own_figures_truly()
    {
        List<StrictPrometheusReader.Family> families = StrictPrometheusReader.Read(Text(new ProcessFigures().Read()));
        double Of(string name) => families.Single(family => family.Name == name).Series[0].Value;
        Assert.InRange(Of("process_resident_memory_bytes"), 1e6, 1e12);
        Assert.InRange(Of("process_open_fds"), 3, Of("process_max_fds"));
        Assert.InRange(Of("process_virtual_memory_bytes"), Of("process_resident_memory_bytes"), 1e15);
        Assert.InRange(Of("process_cpu_seconds_total"), 0.001, 1e6);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - Of("process_start_time_seconds"), -1, 86_400);
        Assert.DoesNotContain(families, family => family.Name.StartsWith("go_", StringComparison.Ordinal));
    }

    private string Text(IEnumerable<ProcessFigure> process) =>
        Encoding.UTF8.GetString(PrometheusText.Write(_registry.Totals(PrometheusText.Ranks), process));
}
