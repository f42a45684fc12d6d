using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>The arguments of <c>helm template</c>.</summary>
public sealed record HelmOptions
{
    public static HelmOptions Default { get; } = new();

    public string ReleaseName { get; init; } = "release-name";

    public string Namespace { get; init; } = "default";

    /// <summary><c>--is-upgrade</c>.</summary>
    public bool IsUpgrade { get; init; }

    public int Revision { get; init; } = 1;

    /// <summary><c>--kube-version</c>.</summary>
    public string KubeVersion { get; init; } = "v1.31.0";

    /// <summary><c>--api-versions</c>: what <c>.Capabilities.APIVersions.Has</c> knows besides Kubernetes' own groups.</summary>
    public IReadOnlyList<string> ApiVersions { get; init; } = [];

    /// <summary>What <c>.Capabilities.HelmVersion.Version</c> says.</summary>
    public string HelmVersion { get; init; } = "v3.16.3";

    /// <summary>The contents of files given by <c>-f</c>, a later one over an earlier.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary><c>--set</c>, each with one or more entries.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary><c>--set-string</c>.</summary>
    public IReadOnlyList<string> SetString { get; init; } = [];

    /// <summary><c>--set-json</c>.</summary>
    public IReadOnlyList<string> SetJson { get; init; } = [];

    /// <summary><c>--include-crds</c>: files below crds/ come first in the text.</summary>
    public bool IncludeCrds { get; init; }

    /// <summary><c>--skip-tests</c>: hooks of tests are left out of the text.</summary>
    public bool SkipTests { get; init; }

    /// <summary>
    /// Time, chance and keys. Not given: each render stands at one moment and throws the same dice, so that two are alike, and there
    /// is no environment, as charts have none anyway.
    /// </summary>
    public FunctionHost? Host { get; init; }
}
