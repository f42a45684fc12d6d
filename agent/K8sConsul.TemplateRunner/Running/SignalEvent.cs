namespace K8sConsul.TemplateRunner.Running;

internal sealed record SignalEvent(int Signal) : RunEvent;
