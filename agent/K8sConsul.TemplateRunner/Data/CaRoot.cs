namespace K8sConsul.TemplateRunner.Data;

/// <summary>An authority of the mesh: an item of <c>caRoots</c>.</summary>
public sealed record CaRoot
{
    public string ID { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string RootCertPEM { get; init; } = string.Empty;

    public bool Active { get; init; }

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }
}
