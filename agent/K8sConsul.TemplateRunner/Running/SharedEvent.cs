using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Running;

internal sealed record SharedEvent(string TemplateId, IReadOnlyDictionary<Dependency, DependencyData> Data) : RunEvent;
