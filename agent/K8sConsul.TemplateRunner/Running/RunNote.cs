using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>Why a template was not written.</summary>
internal sealed record RunNote(RunNoteKind Kind, TemplateUnit Unit)
{
    public IReadOnlyList<Dependency> Missing { get; init; } = [];

    /// <summary>Until it is rendered if nothing changes any more.</summary>
    public TimeSpan Wait { get; init; }

    public string Error { get; init; } = string.Empty;
}
