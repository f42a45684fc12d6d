namespace K8sConsul.MessagePack;

/// <summary>The input is not MessagePack of the expected shape. Always the sender's fault, never ours.</summary>
public sealed class MsgPackFormatException(string message) : Exception(message);
