using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>What one run over all templates asks of the world.</summary>
internal sealed record RunPlan
{
    /// <summary>In the order of first use.</summary>
    public required IReadOnlyList<Dependency> Start { get; init; }

    public required IReadOnlyList<Dependency> Stop { get; init; }

    /// <summary>To be written, in the order of the configuration; also those before a failure.</summary>
    public required IReadOnlyList<PlannedRender> Renders { get; init; }

    /// <summary>All is known of these, whether they are written now or wait: a leader publishes their data.</summary>
    public required IReadOnlyList<TemplateUnit> Complete { get; init; }

    /// <summary>For the log.</summary>
    public required IReadOnlyList<RunNote> Notes { get; init; }

    /// <summary>A template failed and its error is fatal: nothing follows. Null for none.</summary>
    public RunNote? Failure { get; init; }
}
