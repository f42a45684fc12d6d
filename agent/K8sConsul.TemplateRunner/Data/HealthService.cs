namespace K8sConsul.TemplateRunner.Data;

/// <summary>An instance of a service with its node and checks: an item of <c>service</c> and <c>connect</c>.</summary>
public sealed record HealthService
{
    public string Node { get; init; } = string.Empty;

    public string NodeID { get; init; } = string.Empty;

    public string NodeAddress { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, string> NodeTaggedAddresses { get; init; } = Sorted.NoTexts;

    public IReadOnlyDictionary<string, string> NodeMeta { get; init; } = Sorted.NoTexts;

    public IReadOnlyDictionary<string, string> ServiceMeta { get; init; } = Sorted.NoTexts;

    /// <summary>The service's own, else its node's.</summary>
    public string Address { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, ServiceAddress> ServiceTaggedAddresses { get; init; } = Sorted.NoAddresses;

    public string ID { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    /// <summary>Sorted. Templates call <c>.Tags.Contains</c> on it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<ServiceCheck> Checks { get; init; } = [];

    /// <summary>The worst of the checks: see <see cref="ServiceStatus.Aggregate"/>.</summary>
    public string Status { get; init; } = string.Empty;

    public int Port { get; init; }

    public ServiceWeights Weights { get; init; } = new();
}
