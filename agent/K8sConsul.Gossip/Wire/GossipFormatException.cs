namespace K8sConsul.Gossip.Wire;

/// <summary>A frame around or inside a message is malformed. Always the sender's fault, never ours.</summary>
public sealed class GossipFormatException(string message) : Exception(message);
