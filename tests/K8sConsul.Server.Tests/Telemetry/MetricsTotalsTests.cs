using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Tests.Telemetry;

/// <summary>What Prometheus gets: totals since the start, quantiles of the last seconds, nothing that is long over.</summary>
public sealed class MetricsTotalsTests
{
    private static readonly MetricsOptions Options = new() { PrometheusRetention = TimeSpan.FromMinutes(2) };

    private readonly StoppedTime _time = new();

    [Fact]
    public void Totals_go_on_over_intervals()
    {
        using var registry = new MetricsRegistry(Options, _time);
        Counter counter = registry.Counter("c");
        Sample sample = registry.Sample("s");
        for (int i = 0; i < 5; i++)
        {
            counter.Add(2);
            sample.Observe(10);
            _time.Move(10);
        }

        counter.Increment();
        MetricsTotals totals = registry.Totals([0.5]);
        Assert.Equal(11, Assert.Single(totals.Counters).Value.Sum);
        Assert.Equal((5, 50.0), (Assert.Single(totals.Samples).Value.Count, totals.Samples[0].Value.Sum));
    }

    [Fact]
    public void Quantiles_forget_after_ten_seconds_and_are_no_numbers_then()
    {
        using var registry = new MetricsRegistry(Options, _time);
        Sample sample = registry.Sample("s");
        sample.Observe(0.24177800118923187f);
        Assert.Equal([0.24177800118923187], Assert.Single(registry.Totals([0.99]).Samples).Quantiles);
        _time.Move(7);
        Assert.Equal([0.24177800118923187], Assert.Single(registry.Totals([0.99]).Samples).Quantiles);
        _time.Move(4);
        Assert.Equal([double.NaN], Assert.Single(registry.Totals([0.99]).Samples).Quantiles);
        Assert.Equal(1, Assert.Single(registry.Totals([0.99]).Samples).Value.Count);
    }

    [Fact]
    public void What_nobody_observes_is_not_shown_after_the_retention_time()
    {
        using var registry = new MetricsRegistry(Options, _time);
        Counter counter = registry.Counter("c");
        counter.Increment();
        registry.Gauge("g").Set(1);
        registry.Sample("s").Observe(1);
        registry.Sample("never");
        _time.Move(120);
        MetricsTotals totals = registry.Totals([0.5]);
        Assert.Equal((1, 1, 1), (totals.Counters.Count, totals.Gauges.Count, totals.Samples.Count));
        _time.Move(1);
        totals = registry.Totals([0.5]);
        Assert.Equal((0, 0, 0), (totals.Counters.Count, totals.Gauges.Count, totals.Samples.Count));

        // A counter never goes backwards.
        counter.Increment();
        Assert.Equal(2, Assert.Single(registry.Totals([0.5]).Counters).Value.Sum);
    }

    /// <summary>Against the exact quantile of a sorted list: the answer lies in its bin, a sixteenth of a power of two wide.</summary>
    [Theory]
    [InlineData(0.001, 0.1)]
    [InlineData(0.5, 50)]
    [InlineData(100, 1e9)]
    public void Quantiles_are_off_by_a_bin_at_most(double from, double to)
    {
        var random = new Random(7);
        for (int round = 0; round < 20; round++)
        {
            var window = new QuantileWindow();
            float[] values = [.. Enumerable.Range(0, random.Next(1, 2000)).Select(_ => (float)(from * Math.Pow(to / from, random.NextDouble())))];
            foreach (float value in values)
            {
                window.Add(value);
            }

            double[] ranks = [0.5, 0.9, 0.99];
            double[] found = window.Quantiles(ranks);
            Array.Sort(values);
            for (int i = 0; i < ranks.Length; i++)
            {
                double exact = values[Math.Max((int)Math.Ceiling(ranks[i] * values.Length), 1) - 1];
                Assert.InRange(found[i], exact / 1.0626, exact * 1.0626);
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-5f)]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Values_out_of_the_bins_are_kept_as_well(float value)
    {
        var window = new QuantileWindow();
        window.Add(value);
        Assert.Equal([(double)value], window.Quantiles([0.5]));
    }
}
