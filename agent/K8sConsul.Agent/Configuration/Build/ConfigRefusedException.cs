namespace K8sConsul.Agent.Configuration;

/// <summary>The first mistake that ends the building; <see cref="ConfigLoader"/> turns it into a refusal.</summary>
internal sealed class ConfigRefusedException(string message) : Exception(message);
