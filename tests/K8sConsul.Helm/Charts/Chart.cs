namespace K8sConsul.Helm.Charts;

/// <summary>A chart as its folder holds it. Never changed: what rendering needs otherwise is copied.</summary>
internal sealed record Chart
{
    public required ChartMetadata Metadata { get; init; }

    /// <summary>values.yaml.</summary>
    public required Dictionary<string, object?> Values { get; init; }

    /// <summary>values.schema.json; null where there is none.</summary>
    public required string? Schema { get; init; }

    /// <summary>All below templates/, also partials and notes.</summary>
    public required IReadOnlyList<ChartFile> Templates { get; init; }

    /// <summary>All else, for <c>.Files</c>.</summary>
    public required IReadOnlyList<ChartFile> Files { get; init; }

    /// <summary>What Chart.yaml says of subcharts.</summary>
    public required IReadOnlyList<ChartDependency> Declared { get; init; }

    /// <summary>What charts/ holds.</summary>
    public required IReadOnlyList<Chart> Subcharts { get; init; }

    public string Name => Metadata.Name;

    public IEnumerable<ChartFile> Crds => Files.Where(file => file.Name.StartsWith("crds/", StringComparison.Ordinal)
        && Path.GetExtension(file.Name).ToLowerInvariant() is ".yaml" or ".yml" or ".json");
}
