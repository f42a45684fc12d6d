namespace K8sConsul.TemplateRunner.Data;

/// <summary>What a dependency answered, by its kind. Immutable; the kinds name the type they have.</summary>
public abstract record DependencyData
{
    private protected DependencyData()
    {
    }
}

/// <summary>Of <see cref="Dependencies.DependencyKind.KvGet"/> and <see cref="Dependencies.DependencyKind.KvBlock"/>.</summary>
/// <param name="Value">Null for an absent key.</param>
public sealed record KeyData(string? Value) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.KvList"/>: in the order of keys, folder markers included.</summary>
public sealed record KeyListData(IReadOnlyList<KeyPair> Pairs) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.HealthService"/> and <see cref="Dependencies.DependencyKind.HealthConnect"/>.</summary>
public sealed record HealthData(IReadOnlyList<HealthService> Services) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CatalogServices"/>.</summary>
public sealed record ServicesData(IReadOnlyList<CatalogSnippet> Services) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CatalogNode"/>.</summary>
/// <param name="Node">Null for an unknown node.</param>
public sealed record NodeData(CatalogNode? Node) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CatalogNodes"/>.</summary>
public sealed record NodesData(IReadOnlyList<Node> Nodes) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CatalogDatacenters"/>.</summary>
public sealed record DatacentersData(IReadOnlyList<string> Names) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.File"/>.</summary>
public sealed record FileData(string Content) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CaRoots"/>.</summary>
public sealed record CaRootsData(IReadOnlyList<CaRoot> Roots) : DependencyData;

/// <summary>Of <see cref="Dependencies.DependencyKind.CaLeaf"/>.</summary>
public sealed record CaLeafData(CaLeaf Leaf) : DependencyData
{
    /// <summary>Holds a private key: not for logs.</summary>
    public override string ToString()
    {
        return $"leaf of {Leaf.Service}";
    }
}
