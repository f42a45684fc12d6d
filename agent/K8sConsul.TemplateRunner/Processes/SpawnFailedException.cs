namespace K8sConsul.TemplateRunner.Processes;

/// <summary>A program could not be started; the message is Go's, such as <c>fork/exec /x: no such file or directory</c>.</summary>
internal sealed class SpawnFailedException(string message) : Exception(message);
