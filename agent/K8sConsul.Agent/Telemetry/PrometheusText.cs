using System.Globalization;
using System.Text;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>Prometheus' text format 0.0.4: families by name, in each the metrics by their labels.</summary>
internal static class PrometheusText
{
    private const string Forbidden = " .=-/";

    /// <summary>The quantiles of summaries.</summary>
    public static ReadOnlySpan<double> Ranks => [0.5, 0.9, 0.99];

    public static byte[] Write(MetricsTotals totals, IEnumerable<ProcessFigure> process)
    {
        var families = new SortedDictionary<string, Family>(StringComparer.Ordinal);
        foreach (TotalValue counter in totals.Counters)
        {
            Add(families, counter.Identity, "counter", (text, name, labels) => Line(text, name, labels, counter.Value.Sum));
        }

        foreach (GaugeValue gauge in totals.Gauges)
        {
            Add(families, gauge.Identity, "gauge", (text, name, labels) => Line(text, name, labels, gauge.Value));
        }

        foreach (TotalValue sample in totals.Samples)
        {
            Add(families, sample.Identity, "summary", (text, name, labels) => Summary(text, name, labels, sample));
        }

        foreach (ProcessFigure figure in process)
        {
            Family family = FamilyOf(families, figure.Name, figure.Type, figure.Help);
            family.Metrics.Add((figure.Labels, (text, name, labels) => Line(text, name, labels, figure.Value)));
        }

        var all = new StringBuilder();
        foreach ((string name, Family family) in families)
        {
            all.Append("# HELP ").Append(name).Append(' ').Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            all.Append("# TYPE ").Append(name).Append(' ').Append(family.Type).Append('\n');
            family.Metrics.Sort(static (a, b) => Compare(a.Labels, b.Labels));
            foreach ((MetricLabel[] labels, Action<StringBuilder, string, MetricLabel[]> write) in family.Metrics)
            {
                write(all, name, labels);
            }
        }

        return Encoding.UTF8.GetBytes(all.ToString());
    }

    /// <summary>Letters keep their case, and colons stay.</summary>
    internal static string NameOf(string dotted)
    {
        var name = new StringBuilder(dotted.Length);
        foreach (char c in dotted)
        {
            bool isValid = char.IsAsciiLetterOrDigit(c) || c is '_' or ':';

            // Consul replaces the forbidden five. What else Prometheus does not take, such as a host's name may bring, would
            // make it refuse the whole answer.
            name.Append(Forbidden.Contains(c, StringComparison.Ordinal) || !isValid ? '_' : c);
        }

        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name.ToString();
    }

    private static void Add(
        SortedDictionary<string, Family> families, MetricIdentity identity, string type, Action<StringBuilder, string, MetricLabel[]> write)
    {
        string name = NameOf(identity.Name);
        Family family = FamilyOf(families, name, type, help: name);

        // Two dotted names may meet in one, and Prometheus refuses a name with two types: the first wins.
        if (string.Equals(family.Type, type, StringComparison.Ordinal))
        {
            MetricLabel[] labels = [.. identity.Labels.Select(l => l with { Name = NameOf(l.Name) }).OrderBy(l => l.Name, StringComparer.Ordinal)];
            family.Metrics.Add((labels, write));
        }
    }

    private static Family FamilyOf(SortedDictionary<string, Family> families, string name, string type, string help)
    {
        if (!families.TryGetValue(name, out Family? family))
        {
            families.Add(name, family = new Family(type, help, []));
        }

        return family;
    }

    private static void Summary(StringBuilder text, string name, MetricLabel[] labels, in TotalValue sample)
    {
        for (int i = 0; i < sample.Quantiles.Length; i++)
        {
            var quantile = new MetricLabel("quantile", Ranks[i].ToString(CultureInfo.InvariantCulture));
            Line(text, name, [.. labels, quantile], sample.Quantiles[i]);
        }

        Line(text, name + "_sum", labels, sample.Value.Sum);
        Line(text, name + "_count", labels, sample.Value.Count);
    }

    private static void Line(StringBuilder text, string name, MetricLabel[] labels, double value)
    {
        text.Append(name);
        for (int i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            foreach (char c in labels[i].Value)
            {
                _ = c switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(c),
                };
            }

            text.Append('"');
        }

        text.Append(labels.Length > 0 ? "} " : " ").Append(GoNumber.Shortest(value)).Append('\n');
    }

    /// <summary>Fewer labels first, then by their values: the order of Prometheus' own client.</summary>
    private static int Compare(MetricLabel[] a, MetricLabel[] b)
    {
        if (a.Length != b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        for (int i = 0; i < a.Length; i++)
        {
            int order = string.CompareOrdinal(a[i].Value, b[i].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private sealed record Family(string Type, string Help, List<(MetricLabel[] Labels, Action<StringBuilder, string, MetricLabel[]> Write)> Metrics);
}
