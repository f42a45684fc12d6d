using System.Globalization;
using System.Text;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>What SIGUSR1 prints: every finished interval, a line per metric, in the form of go-metrics' in-memory sink.</summary>
internal static class MetricsDump
{
    public static string Describe(MetricsRegistry registry)
    {
        var lines = new List<string>();
        foreach (MetricsInterval interval in registry.Finished())
        {
            string time = GoNumber.Time(interval.Start);
            foreach (GaugeValue gauge in interval.Gauges)
            {
                lines.Add($"[{time}][G] '{NameOf(gauge.Identity)}': {GoNumber.Thousandths(gauge.Value)}");
            }

            foreach (AggregateValue counter in interval.Counters)
            {
                lines.Add($"[{time}][C] '{NameOf(counter.Identity)}': {Text(counter.Value, registry)}");
            }

            foreach (AggregateValue sample in interval.Samples)
            {
                lines.Add($"[{time}][S] '{NameOf(sample.Identity)}': {Text(sample.Value, registry)}");
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Labels are appended to the name, their names left out.</summary>
    internal static string NameOf(MetricIdentity identity)
    {
        var name = new StringBuilder(identity.Name);
        foreach (MetricLabel label in identity.Labels)
        {
            name.Append('.').Append(label.Value.Replace(' ', '_').Replace(':', '_'));
        }

        return name.ToString();
    }

    private static string Text(in Aggregate value, MetricsRegistry registry)
    {
        // Go prints the monotonic clock of the process beside the wall clock.
        string monotonic = registry.Elapsed(registry.Started, value.Updated).TotalSeconds.ToString("F9", CultureInfo.InvariantCulture);
        string updated = $"{GoNumber.Time(registry.WallClock(value.Updated))} m=+{monotonic}";
        string sum = GoNumber.Thousandths(value.Sum);
        return value.StandardDeviation == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Count: {value.Count} Sum: {sum} LastUpdated: {updated}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Count: {value.Count} Min: {GoNumber.Thousandths(value.Min)} Mean: {GoNumber.Thousandths(value.Mean)} Max: {GoNumber.Thousandths(value.Max)} Stddev: {GoNumber.Thousandths(value.StandardDeviation)} Sum: {sum} LastUpdated: {updated}");
    }
}
