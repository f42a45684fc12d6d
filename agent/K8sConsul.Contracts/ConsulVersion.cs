namespace K8sConsul.Contracts;

/// <summary>What this program says about itself to clients and peers: the Consul release it is compatible with.</summary>
public static class ConsulVersion
{
    public const string Number = "1.8.7";

    /// <summary>Spoken by default among agents.</summary>
    public const int Protocol = 2;

    public const int ProtocolMin = 2;

    public const int ProtocolMax = 3;
}
