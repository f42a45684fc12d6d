namespace K8sConsul.TemplateRunner.Data;

/// <summary>A check of an instance or of its node.</summary>
public sealed record ServiceCheck
{
    public string Node { get; init; } = string.Empty;

    public string CheckID { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    public string Notes { get; init; } = string.Empty;

    public string Output { get; init; } = string.Empty;

    public string ServiceID { get; init; } = string.Empty;

    public string ServiceName { get; init; } = string.Empty;

    public IReadOnlyList<string> ServiceTags { get; init; } = [];

    public string Type { get; init; } = string.Empty;
}
