namespace K8sConsul.TemplateRunner.Running;

/// <summary>How a run ended.</summary>
/// <param name="Code">For the process.</param>
/// <param name="Reload">It is to be started again with another configuration.</param>
/// <param name="Error">Empty for a good end.</param>
internal readonly record struct RunEnd(int Code, bool Reload = false, string Error = "");
