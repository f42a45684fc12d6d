namespace K8sConsul.TemplateRunner.Dependencies;

/// <summary>What is asked, and with which function of templates.</summary>
public enum DependencyKind
{
    /// <summary>A key that may be absent (<c>keyExists</c>, <c>keyOrDefault</c>): <see cref="Data.KeyData"/>.</summary>
    KvGet,

    /// <summary>A key that is waited for (<c>key</c>): <see cref="Data.KeyData"/>, never of an absent key.</summary>
    KvBlock,

    /// <summary><c>ls</c>, <c>tree</c> and their safe forms: <see cref="Data.KeyListData"/>.</summary>
    KvList,

    /// <summary><c>service</c>: <see cref="Data.HealthData"/>.</summary>
    HealthService,

    /// <summary><c>connect</c>: <see cref="Data.HealthData"/>.</summary>
    HealthConnect,

    /// <summary><c>node</c>: <see cref="Data.NodeData"/>.</summary>
    CatalogNode,

    /// <summary><c>nodes</c>: <see cref="Data.NodesData"/>.</summary>
    CatalogNodes,

    /// <summary><c>services</c>: <see cref="Data.ServicesData"/>.</summary>
    CatalogServices,

    /// <summary><c>datacenters</c>: <see cref="Data.DatacentersData"/>.</summary>
    CatalogDatacenters,

    /// <summary><c>file</c>: <see cref="Data.FileData"/>.</summary>
    File,

    /// <summary><c>caRoots</c>: <see cref="Data.CaRootsData"/>.</summary>
    CaRoots,

    /// <summary><c>caLeaf</c>: <see cref="Data.CaLeafData"/>.</summary>
    CaLeaf,
}
