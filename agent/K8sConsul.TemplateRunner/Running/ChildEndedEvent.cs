namespace K8sConsul.TemplateRunner.Running;

/// <summary>The child has ended by itself.</summary>
internal sealed record ChildEndedEvent(int Code) : RunEvent;
