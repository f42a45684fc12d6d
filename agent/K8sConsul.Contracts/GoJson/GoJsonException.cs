namespace K8sConsul.Contracts.GoJson;

/// <summary>Input that Go's decoder would refuse; the message is the decoder's own text.</summary>
public sealed class GoJsonException(string message) : Exception(message);
