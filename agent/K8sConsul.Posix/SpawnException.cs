namespace K8sConsul.Posix;

/// <summary>A program could not be started; the message is Go's, such as <c>fork/exec /x: no such file or directory</c>.</summary>
public sealed class SpawnException(string message) : Exception(message);
