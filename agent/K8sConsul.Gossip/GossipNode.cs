namespace K8sConsul.Gossip;

/// <summary>One member of a gossip pool as a synchronous state machine.</summary>
public sealed partial class GossipNode
{
}
