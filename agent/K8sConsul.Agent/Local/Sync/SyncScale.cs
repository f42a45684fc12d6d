namespace K8sConsul.Agent.Local;

/// <summary>Large clusters sync less often, so that the servers' load grows with the logarithm of the cluster's size.</summary>
internal static class SyncScale
{
    public const int Threshold = 128;

    /// <summary>1 up to 128 members of the LAN pool, then 2 up to 256, 3 up to 512, and so on.</summary>
    public static int Factor(int members) =>
        members <= Threshold ? 1 : (int)Math.Ceiling(Math.Log2(members) - Math.Log2(Threshold)) + 1;
}
