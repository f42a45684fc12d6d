namespace K8sConsul.Addresses;

/// <summary>Leaves the evaluation of a template; <see cref="AddressTemplate"/> turns it into a refusal.</summary>
internal sealed class TemplateException(string message) : Exception(message);
