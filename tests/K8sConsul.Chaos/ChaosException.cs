namespace K8sConsul.Chaos;

/// <summary>The run cannot go on, for a reason that has nothing to do with the promises under test.</summary>
internal sealed class ChaosException(string message) : Exception(message);
