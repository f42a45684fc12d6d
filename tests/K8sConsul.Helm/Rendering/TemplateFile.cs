namespace K8sConsul.Helm.Rendering;

/// <summary>A file below templates/ with what it is rendered from.</summary>
/// <param name="Path"><c>chart/templates/x.yaml</c>.</param>
/// <param name="Text">The template.</param>
/// <param name="Root">What its dot is.</param>
/// <param name="BasePath">The folder templates/ of its chart.</param>
internal sealed record TemplateFile(string Path, string Text, Dictionary<string, object?> Root, string BasePath)
{
    /// <summary>Only there to be included.</summary>
    public bool IsPartial => Path[(Path.LastIndexOf('/') + 1)..].StartsWith('_');

    /// <summary>Deep ones first and then by name backwards, so that a definition of an outer chart takes the place of an inner one's.</summary>
    public static List<TemplateFile> InOrder(IEnumerable<TemplateFile> files)
    {
        return [.. files.OrderByDescending(file => file.Path.Count(c => c == '/')).ThenByDescending(file => file.Path, StringComparer.Ordinal)];
    }
}
