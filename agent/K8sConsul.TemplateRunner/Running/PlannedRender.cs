namespace K8sConsul.TemplateRunner.Running;

/// <summary>A text for all destinations of a template.</summary>
internal readonly record struct PlannedRender(TemplateUnit Unit, string Text);
