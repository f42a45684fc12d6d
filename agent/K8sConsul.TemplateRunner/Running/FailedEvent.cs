namespace K8sConsul.TemplateRunner.Running;

/// <summary>A dependency was given up, and with it the run.</summary>
internal sealed record FailedEvent(string Text) : RunEvent;
