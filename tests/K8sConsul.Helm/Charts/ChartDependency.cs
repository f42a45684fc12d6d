namespace K8sConsul.Helm.Charts;

/// <summary>What Chart.yaml says of a subchart.</summary>
internal sealed record ChartDependency
{
    public required string Name { get; init; }

    /// <summary>A constraint that the subchart's version must meet.</summary>
    public required string Version { get; init; }

    /// <summary>Another name, under which the subchart's values are found. Empty: none.</summary>
    public required string Alias { get; init; }

    /// <summary>Paths of values, split by commas; the first that is a bool says whether the subchart is wanted.</summary>
    public required string Condition { get; init; }

    /// <summary>Looked up in the root's <c>tags</c>, where no condition decides.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    public string EffectiveName => Alias.Length > 0 ? Alias : Name;
}
