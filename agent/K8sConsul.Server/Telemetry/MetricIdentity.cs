namespace K8sConsul.Server.Telemetry;

public readonly record struct MetricLabel(string Name, string Value);

/// <summary>What a metric is called, prefix and host included. Two metrics with the same name differ in their labels.</summary>
public sealed class MetricIdentity
{
    internal MetricIdentity(string name, ReadOnlySpan<MetricLabel> labels)
    {
        Name = name.Replace(' ', '_');
        Labels = labels.ToArray();
        Key = Labels.Count == 0 ? Name : Name + string.Concat(Labels.Select(label => $";{label.Name}={label.Value}")).Replace(' ', '_');
    }

    /// <summary>The dotted name. Blanks are underscores, as in go-metrics.</summary>
    public string Name { get; }

    public IReadOnlyList<MetricLabel> Labels { get; }

    /// <summary>Name and labels in the form that go-metrics sorts its answers by.</summary>
    public string Key { get; }

    public override string ToString() => Key;
}
