using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Tests.Telemetry;

/// <summary>Instruments under many threads, and those whose labels come from requests.</summary>
public sealed class InstrumentTests
{
    /// <summary>Drains while observing: every observation is in exactly one interval, and the totals have them all.</summary>
    [Fact]
    public async Task No_observation_is_lost_or_counted_twice_while_intervals_end()
    {
        const int Threads = 4;
        const int Each = 100_000;
        var time = new StoppedTime();
        using var registry = new MetricsRegistry(
            new MetricsOptions { IntervalsMax = int.MaxValue, PrometheusRetention = TimeSpan.FromDays(1) }, time);
        Counter counter = registry.Counter("c", isHot: true);
        Sample sample = registry.Sample("s", isHot: true);
        Task[] observers =
        [
            .. Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < Each; i++)
                {
                    counter.Increment();
                    sample.Observe(2);
                }
            })),
        ];
        while (!observers.All(observer => observer.IsCompleted))
        {
            time.Move(10);
            _ = registry.Latest();
            await Task.Yield();
        }

        await Task.WhenAll(observers);
        time.Move(10);
        IReadOnlyList<MetricsInterval> finished = registry.Finished();
        Assert.Equal(Threads * Each, finished.SelectMany(interval => interval.Counters).Sum(value => value.Value.Count));
        Assert.Equal(2L * Threads * Each, finished.SelectMany(interval => interval.Samples).Sum(value => value.Value.Sum));
        Assert.Equal(Threads * Each, registry.Totals([]).Counters.Single().Value.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Observing_allocates_nothing(int retentionSeconds)
    {
        using var registry = new MetricsRegistry(
            new MetricsOptions { PrometheusRetention = TimeSpan.FromSeconds(retentionSeconds) }, TimeProvider.System);
        Counter counter = registry.Counter("c", isHot: true);
        Sample sample = registry.Sample("s", isHot: true);
        Gauge gauge = registry.Gauge("g");
        CounterFamily<string> family = registry.Counters<string>("f", static key => [new MetricLabel("k", key)]);
        Observe(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Observe(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Observe(int times)
        {
            for (int i = 0; i < times; i++)
            {
                counter.Increment();
                sample.Since(registry.Now);
                gauge.Set(i);
                family.Increment("known");
            }
        }
    }

    [Fact]
    public void Labels_from_requests_cannot_fill_the_memory()
    {
        using var registry = new MetricsRegistry(new MetricsOptions(), new StoppedTime());
        CounterFamily<string> family = registry.Counters<string>("f", static key => [new MetricLabel("k", key)]);
        for (int i = 0; i < CounterFamily<string>.CountersMax + 500; i++)
        {
            family.Increment("service-" + i);
        }

        Assert.Equal(CounterFamily<string>.CountersMax, registry.Latest().Counters.Count);
    }

    [Fact]
    public void Counters_that_nobody_uses_make_room()
    {
        var time = new StoppedTime();
        using var registry = new MetricsRegistry(new MetricsOptions(), time);
        CounterFamily<int> family = registry.Counters<int>("f", static key => [new MetricLabel("k", key.ToString("D5", null))]);
        for (int i = 0; i < CounterFamily<int>.CountersMax; i++)
        {
            family.Increment(i);
        }

        time.Move(45);
        family.Increment(1);
        time.Move(45);
        registry.GiveUpIdle();
        family.Increment(-1);
        time.Move(10);
        Assert.Equal(
            [("-00001", 1.0), ("00001", 2.0)],
            registry.Totals([]).Counters.Select(counter => (counter.Identity.Labels[0].Value, counter.Value.Sum)));
    }

    [Fact]
    public void A_sink_hears_everything_that_the_filter_lets_through()
    {
        using var registry = new MetricsRegistry(
            new MetricsOptions { Filter = new PrefixFilter([], ["consul.no"], true) }, new StoppedTime());
        var sink = new Listener();
        registry.Sink = sink;
        registry.Counter("c").Add(2);
        registry.Sample("s").Observe(3);
        registry.Gauge("g").Set(4);
        registry.Counter("no").Increment();
        Assert.Equal(["consul.c=2", "consul.s=3", "consul.g=4"], sink.Heard);
    }

    private sealed class Listener : IMetricsSink
    {
        public List<string> Heard { get; } = [];

        public void Observed(Instrument instrument, float value) =>
            Heard.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{instrument.Identity.Name}={value}"));
    }
}
