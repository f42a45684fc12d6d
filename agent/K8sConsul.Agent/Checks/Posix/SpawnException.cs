namespace K8sConsul.Agent.Checks.Posix;

/// <summary>A program could not be started; the message is Go's, e.g. <c>fork/exec /x: no such file or directory</c>.</summary>
internal sealed class SpawnException(string message) : Exception(message);
