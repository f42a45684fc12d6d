namespace K8sConsul.State;

/// <summary>The state contradicts itself. The process must stop: a crash is better than a wrong answer.</summary>
public sealed class StateInvariantException(string message) : Exception(message);
