using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Engine;

/// <summary>What an execution gave.</summary>
public sealed record RenderOutcome
{
    /// <summary>Meaningless when something is missing or wrong.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Empty for a good execution; else the language's own text.</summary>
    public string Error { get; init; } = string.Empty;

    /// <summary>Everything asked for, known or not, also by an execution that failed. Each once.</summary>
    public IReadOnlyCollection<Dependency> Used { get; init; } = [];

    /// <summary>
    /// Those of <see cref="Used"/> without which the text must not be written. A safe list function also counts an empty answer as
    /// missing; a function that never waits leaves its dependency out once it was answered.
    /// </summary>
    public IReadOnlyCollection<Dependency> Missing { get; init; } = [];

    public bool IsComplete => Error.Length == 0 && Missing.Count == 0;
}
