namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>What a program sees of our environment.</summary>
public sealed record EnvConfig
{
    public bool Pristine { get; init; }

    /// <summary><c>NAME=value</c>, added last.</summary>
    public IReadOnlyList<string> Custom { get; init; } = [];

    /// <summary>Globs; empty lets all through.</summary>
    public IReadOnlyList<string> Allowlist { get; init; } = [];

    /// <summary>Globs.</summary>
    public IReadOnlyList<string> Denylist { get; init; } = [];
}
