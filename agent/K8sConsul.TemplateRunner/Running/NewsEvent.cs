namespace K8sConsul.TemplateRunner.Running;

/// <summary>Watchers have something to take.</summary>
internal sealed record NewsEvent : RunEvent;
