namespace K8sConsul.TemplateRunner.Data;

/// <summary>A service's name with the tags of all its instances: an item of <c>services</c>.</summary>
public sealed record CatalogSnippet
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
