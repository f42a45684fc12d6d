using K8sConsul.Server.Telemetry;

namespace K8sConsul.Server.Tests.Telemetry;

/// <summary>What an interval tells of its observations, held against the textbook's formulas.</summary>
public sealed class AggregateTests
{
    [Theory]
    [InlineData(new double[0], 0, 0, 0, 0, 0)]
    [InlineData(new[] { 5.0 }, 5, 5, 5, 0, 0.5)]
    [InlineData(new[] { 1.0, 1.0, 1.0 }, 1, 1, 1, 0, 0.3)]
    [InlineData(new[] { 2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0 }, 5, 2, 9, 2.138089935299395, 4)]
    [InlineData(new[] { -3.0, 3.0 }, 0, -3, 3, 4.242640687119285, 0)]
    public void Mean_extremes_deviation_and_rate(double[] values, double mean, double min, double max, double deviation, double rate)
    {
        Aggregate aggregate = Accumulate(values);
        Assert.Equal(values.Length, aggregate.Count);
        Assert.Equal(mean, aggregate.Mean);
        Assert.Equal(min, aggregate.Min);
        Assert.Equal(max, aggregate.Max);
        Assert.Equal(deviation, aggregate.StandardDeviation, 12);
        Assert.Equal(rate, aggregate.Rate(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Random_values_agree_with_the_slow_formula()
    {
        var random = new Random(20261120);
        for (int round = 0; round < 200; round++)
        {
            double[] values = [.. Enumerable.Range(0, random.Next(2, 60)).Select(_ => random.NextDouble() * 100)];
            double mean = values.Average();
            double deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
            Aggregate aggregate = Accumulate(values);
            Assert.Equal(mean, aggregate.Mean, 9);
            Assert.Equal(deviation, aggregate.StandardDeviation, 6);
            Assert.Equal(values.Min(), aggregate.Min);
            Assert.Equal(values.Max(), aggregate.Max);
        }
    }

    /// <summary>The difference of two nearly equal large numbers may come out negative; its root would be no number, which JSON cannot say.</summary>
    [Fact]
    public void Equal_values_never_deviate_by_something_that_is_not_a_number()
    {
        for (int i = 1; i < 2000; i++)
        {
            double value = i * 0.1f;
            Aggregate aggregate = Accumulate([value, value, value]);
            Assert.InRange(aggregate.StandardDeviation, 0, value * 1e-6);
        }
    }

    private static Aggregate Accumulate(double[] values)
    {
        var accumulator = new Accumulator(isHot: true);
        foreach (double value in values)
        {
            accumulator.Add(value, now: 7);
        }

        return accumulator.Read(reset: false);
    }
}
