namespace K8sConsul.Template;

/// <summary>Leaves the reader of a literal; the parser adds the place. It never leaves this assembly.</summary>
internal sealed class LiteralRefusedException(string message) : Exception(message);
