namespace K8sConsul.Agent.Lifecycle;

/// <summary>What the program says about its version.</summary>
public static class ProductVersion
{
    /// <summary>The release of Consul whose API and gossip this program speaks; peers and clients choose features by it.</summary>
    public const string Compatible = "1.8.7";
}
