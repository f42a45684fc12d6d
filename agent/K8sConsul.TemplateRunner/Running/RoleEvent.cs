using K8sConsul.TemplateRunner.Deduplication;

namespace K8sConsul.TemplateRunner.Running;

internal sealed record RoleEvent(string TemplateId, SharingRole Role) : RunEvent;
