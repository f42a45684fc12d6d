namespace K8sConsul.Agent.Configuration.AddressTemplates;

/// <summary>Leaves the evaluation of a template; <see cref="AddressTemplate"/> turns it into a refusal.</summary>
internal sealed class TemplateException(string message) : Exception(message);
