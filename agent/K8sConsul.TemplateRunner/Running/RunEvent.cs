namespace K8sConsul.TemplateRunner.Running;

/// <summary>What wakes a run, besides the time.</summary>
internal abstract record RunEvent;
