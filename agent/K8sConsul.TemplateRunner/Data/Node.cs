using System.Text.Json.Serialization;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>A node of the catalog: an item of <c>nodes</c>.</summary>
public sealed record Node
{
    public string ID { get; init; } = string.Empty;

    /// <summary>Templates call it <c>.Node</c>; a member of C# cannot have the name of its type.</summary>
    [JsonPropertyName("Node")]
    public string Name { get; init; } = string.Empty;

    public string Address { get; init; } = string.Empty;

    public string Datacenter { get; init; } = string.Empty;

    public IReadOnlyDictionary<string, string> TaggedAddresses { get; init; } = Sorted.NoTexts;

    public IReadOnlyDictionary<string, string> Meta { get; init; } = Sorted.NoTexts;
}
