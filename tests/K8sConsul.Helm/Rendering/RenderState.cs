namespace K8sConsul.Helm.Rendering;

/// <summary>What functions remember over one rendering of a chart.</summary>
internal sealed class RenderState
{
    /// <summary>How often each template is being included within itself.</summary>
    public Dictionary<string, int> Included { get; } = new(StringComparer.Ordinal);
}
