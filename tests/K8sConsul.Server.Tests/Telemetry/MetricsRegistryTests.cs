using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Tests.Telemetry;

/// <summary>Intervals, names and who is let through.</summary>
public sealed class MetricsRegistryTests
{
    private readonly StoppedTime _time = new();

    [Fact]
    public void The_interval_under_way_is_shown_until_one_is_finished()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        Counter counter = registry.Counter("raft.apply");
        counter.Increment();
        MetricsInterval first = registry.Latest();
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), first.Start);
        Assert.Equal(1, Assert.Single(first.Counters).Value.Count);

        // Looking took nothing away.
        counter.Increment();
        Assert.Equal(2, Assert.Single(registry.Latest().Counters).Value.Count);
    }

    [Fact]
    public void A_finished_interval_holds_what_came_in_it_and_nothing_else()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        Counter counter = registry.Counter("raft.apply");
        Sample sample = registry.Sample("kvs.apply");
        counter.Add(3);
        sample.Observe(1.5f);
        _time.Move(10);
        MetricsInterval finished = registry.Latest();
        counter.Increment();
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), finished.Start);
        Assert.Equal((1, 3.0), (Assert.Single(finished.Counters).Value.Count, finished.Counters[0].Value.Sum));
        Assert.Equal(1.5, Assert.Single(finished.Samples).Value.Sum);
        _time.Move(10);
        finished = registry.Latest();
        Assert.Equal(1, Assert.Single(finished.Counters).Value.Count);
        Assert.Empty(finished.Samples);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 0, 10, TimeSpan.Zero), finished.Start);
    }

    [Fact]
    public void A_minute_is_kept()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        Counter counter = registry.Counter("x");
        for (int i = 1; i <= 9; i++)
        {
            counter.Add(i);
            _time.Move(10);
            _ = registry.Latest();
        }

        // Six intervals with the one under way.
        Assert.Equal([5.0, 6, 7, 8, 9], registry.Finished().Select(interval => Assert.Single(interval.Counters).Value.Sum));
    }

    [Fact]
    public void A_clock_that_jumps_ends_the_interval_once()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        registry.Counter("x").Increment();
        _time.Move(3600);
        Assert.Single(registry.Latest().Counters);
        _time.Move(-1800);
        Assert.Equal(2, registry.Finished().Count);
    }

    [Fact]
    public void A_gauge_stands_in_the_intervals_in_which_it_was_set_and_a_polled_one_in_all()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        float polled = 1;
        Gauge set = registry.Gauge("set");
        registry.Gauge("polled", () => polled);
        registry.Gauge("silent", () => null);
        set.Set(5);
        set.Set(6);
        _time.Move(10);
        Assert.Equal([("consul.polled", 1), ("consul.set", 6)], Gauges(registry.Latest()));
        polled = 2;
        _time.Move(10);
        Assert.Equal([("consul.polled", 2)], Gauges(registry.Latest()));
    }

    /// <summary>go-metrics sorts by name and labels together, where the semicolon comes after the hyphen.</summary>
    [Fact]
    public void Metrics_are_sorted_as_the_real_one_sorts_them()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        foreach ((string name, string service) in ((string, string)[])[("q.query", "b"), ("q.query", "a"), ("q.query-tags", "a"), ("q.q", "z")])
        {
            registry.Counter(name, isHot: false, new MetricLabel("service", service)).Increment();
        }

        Assert.Equal(
            ["consul.q.q;service=z", "consul.q.query-tags;service=a", "consul.q.query;service=a", "consul.q.query;service=b"],
            registry.Latest().Counters.Select(counter => counter.Identity.Key));
    }

    [Theory]
    [InlineData("consul", "host", "consul.host.g", "consul.c")]
    [InlineData("consul", "", "consul.g", "consul.c")]
    [InlineData("", "host", "host.g", "c")]
    [InlineData("my prefix", "", "my_prefix.g", "my_prefix.c")]
    public void Only_gauges_carry_the_host(string prefix, string host, string gauge, string counter)
    {
        using var registry = new MetricsRegistry(new MetricsOptions { Prefix = prefix, HostName = host }, _time);
        Assert.Equal(gauge, registry.Gauge("g").Identity.Name);
        Assert.Equal(counter, registry.Counter("c").Identity.Name);
    }

    [Theory]
    [InlineData("consul.raft.apply", true, "", "", true)]
    [InlineData("consul.raft.apply", false, "", "", false)]
    [InlineData("consul.raft.apply", true, "", "consul.raft", false)]
    [InlineData("consul.raft.apply", true, "consul.raft.apply", "consul.raft", true)]
    [InlineData("consul.raft.apply", false, "consul.ra", "consul", true)]
    [InlineData("consul.raft.apply", true, "consul.raft", "consul.raft", false)]
    [InlineData("consul.raft.apply", false, "onsul.raft", "", false)]
    [InlineData("consul.raft.apply", false, "consul.raft.apply.more", "", false)]
    public void The_longest_prefix_decides(string name, bool byDefault, string allowed, string blocked, bool expected)
    {
        var filter = new PrefixFilter(Rules(allowed), Rules(blocked), byDefault);
        Assert.Equal(expected, filter.Allows(name));
    }

    [Fact]
    public void A_new_filter_reaches_instruments_that_are_in_use()
    {
        using var registry = new MetricsRegistry(new MetricsOptions { Filter = new PrefixFilter([], ["consul.a"], true) }, _time);
        Counter a = registry.Counter("a");
        Counter b = registry.Counter("b");
        a.Increment();
        b.Increment();
        Assert.Equal(["consul.b"], registry.Latest().Counters.Select(c => c.Identity.Name));
        registry.Use(new PrefixFilter([], ["consul.b"], true));
        _time.Move(10);
        _ = registry.Latest();
        a.Increment();
        b.Increment();
        _time.Move(10);
        Assert.Equal(["consul.a"], registry.Latest().Counters.Select(c => c.Identity.Name));
    }

    [Fact]
    public void The_same_name_is_the_same_instrument_and_cannot_be_two_kinds()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        Assert.Same(registry.Counter("x"), registry.Counter("x"));
        Assert.NotSame(registry.Counter("x"), registry.Counter("x", isHot: false, new MetricLabel("a", "b")));
        Assert.Throws<InvalidOperationException>(() => registry.Sample("x"));
    }

    [Fact]
    public void A_time_is_told_in_milliseconds()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), _time);
        Sample sample = registry.Sample("x");
        long started = registry.Now;
        _time.Move(0.25);
        sample.Since(started);
        sample.Took(TimeSpan.FromSeconds(2));
        Aggregate value = Assert.Single(registry.Latest().Samples).Value;
        Assert.Equal((250.0, 2000.0), (value.Min, value.Max));
    }

    private static string[] Rules(string rule) => rule.Length == 0 ? [] : [rule];

    private static IEnumerable<(string Name, float Value)> Gauges(MetricsInterval interval) =>
        interval.Gauges.Select(gauge => (gauge.Identity.Name, gauge.Value));
}
