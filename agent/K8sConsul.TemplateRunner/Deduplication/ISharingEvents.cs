using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>Tells the runner's loop what has changed. Called from any thread.</summary>
internal interface ISharingEvents
{
    void RoleChanged(string templateId, SharingRole role);

    /// <summary>The leader has published.</summary>
    void Shared(string templateId, IReadOnlyDictionary<Dependency, DependencyData> data);
}
