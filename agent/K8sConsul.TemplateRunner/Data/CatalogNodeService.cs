namespace K8sConsul.TemplateRunner.Data;

/// <summary>A service on the node that <c>node</c> asked for.</summary>
public sealed record CatalogNodeService
{
    public string ID { get; init; } = string.Empty;

    public string Service { get; init; } = string.Empty;

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Meta { get; init; } = Sorted.NoTexts;

    public int Port { get; init; }

    public string Address { get; init; } = string.Empty;

    public bool EnableTagOverride { get; init; }
}
