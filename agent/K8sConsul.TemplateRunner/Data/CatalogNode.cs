namespace K8sConsul.TemplateRunner.Data;

/// <summary>The answer of <c>node</c>.</summary>
public sealed record CatalogNode
{
    public Node Node { get; init; } = new();

    /// <summary>Sorted by name, then by ID.</summary>
    public IReadOnlyList<CatalogNodeService> Services { get; init; } = [];
}
