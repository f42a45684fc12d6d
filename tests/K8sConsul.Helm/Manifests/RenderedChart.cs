using System.Text;

namespace K8sConsul.Helm.Manifests;

/// <summary>What <c>helm template</c> makes of a chart.</summary>
public sealed class RenderedChart
{
    private readonly bool _includesCrds;
    private readonly bool _skipsTests;

    internal RenderedChart(bool includesCrds, bool skipsTests)
    {
        _includesCrds = includesCrds;
        _skipsTests = skipsTests;
    }

    /// <summary>In install order, without hooks.</summary>
    public required IReadOnlyList<Manifest> Manifests { get; init; }

    /// <summary>In install order of their kinds.</summary>
    public required IReadOnlyList<Hook> Hooks { get; init; }

    /// <summary>Files below crds/ of the chart, then of its subcharts.</summary>
    public required IReadOnlyList<Manifest> Crds { get; init; }

    /// <summary>NOTES.txt of the chart itself; empty where there is none.</summary>
    public required string Notes { get; init; }

    /// <summary>What Helm logs and goes on.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What <c>helm template</c> prints.</summary>
    public string Text
    {
        get
        {
            string manifests = Print((_includesCrds ? Crds : []).Concat(Manifests)).Trim() + "\n";
            return manifests + Print(Hooks.Where(hook => !_skipsTests || !hook.IsTest).Select(hook => hook.Manifest));
        }
    }

    public IEnumerable<Manifest> OfKind(string kind) => Manifests.Where(manifest => manifest.Kind == kind);

    /// <summary>The only one of a kind, or of a kind and name.</summary>
    /// <exception cref="KeyNotFoundException">There is none, or more than one.</exception>
    public Manifest Single(string kind, string? name = null)
    {
        List<Manifest> found = [.. OfKind(kind).Where(manifest => name is null || manifest.Name == name)];
        return found.Count == 1
            ? found[0]
            : throw new KeyNotFoundException($"{found.Count} manifests are {kind} {name}, among {string.Join(", ", Manifests)}");
    }

    private static string Print(IEnumerable<Manifest> manifests)
    {
        var text = new StringBuilder();
        foreach (Manifest manifest in manifests)
        {
            text.Append("---\n# Source: ").Append(manifest.Source).Append('\n').Append(manifest.Content).Append('\n');
        }

        return text.ToString();
    }
}
