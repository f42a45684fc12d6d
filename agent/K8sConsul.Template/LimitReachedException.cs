namespace K8sConsul.Template;

/// <summary>Leaves what was at work when a limit was reached; the evaluator adds the place. It never leaves this assembly.</summary>
internal sealed class LimitReachedException(string message) : Exception(message);
