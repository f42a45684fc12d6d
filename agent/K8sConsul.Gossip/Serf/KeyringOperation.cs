namespace K8sConsul.Gossip;

/// <summary>What can be done to the keyrings of all members at once.</summary>
public enum KeyringOperation
{
    List,
    Install,
    Use,
    Remove,
}
