using System.Globalization;
using System.Text;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Status;

/// <summary>How a run is doing, for whoever asks from outside. Told by the run's loop, read by any thread.</summary>
internal sealed class RunStatus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Counts> _byDestination = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _learned = new(StringComparer.Ordinal);

    private volatile bool _isReady;

    /// <summary>Every template was rendered at least once.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public void Rendered(string destination, bool changed)
    {
        lock (_gate)
        {
            Counts counts = Of(destination);
            counts.Renders++;
            counts.Changes += changed ? 1 : 0;
        }
    }

    /// <summary>The template could not be executed, or its check has refused the text.</summary>
    public void Failed(string destination)
    {
        lock (_gate)
        {
            Of(destination).Failures++;
        }
    }

    /// <summary>Data that differs from what was known.</summary>
    public void Learned(Dependency dependency)
    {
        lock (_gate)
        {
            _learned[dependency.ToString()] = time.GetTimestamp();
        }
    }

    public void Forgotten(Dependency dependency)
    {
        lock (_gate)
        {
            _learned.Remove(dependency.ToString());
        }
    }

    /// <summary>In Prometheus's text format.</summary>
    public string Metrics()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            Head(text, "consul_template_ready", "gauge", "1 when every template was rendered at least once.");
            text.Append("consul_template_ready ").Append(_isReady ? '1' : '0').Append('\n');
            Counters(text, "consul_template_renders_total", "Renderings, whether the file had to change or not.", static counts => counts.Renders);
            Counters(text, "consul_template_changes_total", "Renderings that changed the file.", static counts => counts.Changes);
            Counters(text, "consul_template_failures_total", "Executions that failed, and texts that a check has refused.", static counts => counts.Failures);
            Head(text, "consul_template_dependency_age_seconds", "gauge", "Time since the data of a dependency changed.");
            foreach ((string dependency, long at) in _learned)
            {
                text.Append("consul_template_dependency_age_seconds{dependency=\"").Append(Escaped(dependency)).Append("\"} ")
                    .Append(time.GetElapsedTime(at).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    private Counts Of(string destination)
    {
        if (!_byDestination.TryGetValue(destination, out Counts? counts))
        {
            counts = new Counts();
            _byDestination.Add(destination, counts);
        }

        return counts;
    }

    private void Counters(StringBuilder text, string name, string help, Func<Counts, long> read)
    {
        Head(text, name, "counter", help);
        foreach ((string destination, Counts counts) in _byDestination)
        {
            text.Append(name).Append("{destination=\"").Append(Escaped(destination)).Append("\"} ")
                .Append(read(counts).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private static void Head(StringBuilder text, string name, string type, string help)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static string Escaped(string label)
    {
        return label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private sealed class Counts
    {
        public long Renders { get; set; }

        public long Changes { get; set; }

        public long Failures { get; set; }
    }
}
