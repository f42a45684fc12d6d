namespace K8sConsul.Contracts.Model;

/// <summary>A node of the catalog.</summary>
public sealed class CatalogNode
{
    /// <summary>Empty for nodes that no agent runs on.</summary>
    public string ID { get; set; } = string.Empty;

    public string Node { get; set; } = string.Empty;

    public string Address { get; set; } = string.Empty;

    public string Datacenter { get; set; } = string.Empty;

    public Dictionary<string, string>? TaggedAddresses { get; set; }

    public Dictionary<string, string>? Meta { get; set; }

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}
