using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>Agents in one arrangement and what is measured on them.</summary>
internal abstract class Scenario
{
    public abstract string Name { get; }

    public abstract IReadOnlyList<Row> Rows { get; }

    /// <summary>Only when its rows are asked for by name.</summary>
    public virtual bool IsOnDemand => false;

    /// <summary>One round: starts, measures and ends its own processes.</summary>
    public abstract void Measure(Contestant contestant, string directory, Sink sink);
}
