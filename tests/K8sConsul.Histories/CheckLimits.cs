namespace K8sConsul.Histories;

/// <summary>How much a check may cost. The default value stands for the default limits.</summary>
public readonly record struct CheckLimits
{
    private const long DefaultConfigurations = 500_000;

    private readonly long _configurations;

    /// <summary>
    /// Configurations that are looked at per key. A history of one key that is in order needs a few per operation; without a
    /// limit, one that is not may need exponentially many.
    /// </summary>
    public long Configurations
    {
        get => _configurations == 0 ? DefaultConfigurations : _configurations;
        init => _configurations = value;
    }
}
