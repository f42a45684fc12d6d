namespace K8sConsul.Template;

/// <summary>How to execute a template.</summary>
public sealed record TemplateRun
{
    public static TemplateRun Default { get; } = new();

    public MissingKey MissingKey { get; init; }

    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;

    /// <summary>What the host's functions find in <see cref="TemplateCall.State"/>.</summary>
    public object? State { get; init; }

    /// <summary>Functions in place of those of the same name that the set was parsed with.</summary>
    public TemplateFunctions? Functions { get; init; }
}
