namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>A configuration, or why there is none.</summary>
public sealed record ConfigResult
{
    public required ConfigOutcome Outcome { get; init; }

    /// <summary>Only with <see cref="ConfigOutcome.Run"/>.</summary>
    public RunnerConfig? Config { get; init; }

    /// <summary>Empty unless refused.</summary>
    public string Error { get; init; } = string.Empty;

    /// <summary>Old names, and numbers that are probably not what was meant.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
