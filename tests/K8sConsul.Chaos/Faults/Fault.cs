namespace K8sConsul.Chaos.Faults;

/// <param name="Do">Breaks something, waits as long as the schedule says, and mends it.</param>
internal sealed record Fault(string Name, Func<Scene, Task> Do)
{
    /// <summary>Whether it means anything with so many servers; the reason where not.</summary>
    public Func<int, string?> WhyNot { get; init; } = _ => null;

    /// <summary>The kernel must be able to delay, reorder and duplicate.</summary>
    public bool NeedsNetem { get; init; }

    /// <summary>While it lasts another fault may begin.</summary>
    public bool AllowsOthers { get; init; }
}
