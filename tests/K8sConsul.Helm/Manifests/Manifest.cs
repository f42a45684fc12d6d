using K8sConsul.Helm.Values;
using K8sConsul.Template;

namespace K8sConsul.Helm.Manifests;

/// <summary>A document that a template prints, as text and parsed.</summary>
public sealed class Manifest
{
    private readonly Dictionary<string, object?> _document;

    private Manifest(string source, string content, Dictionary<string, object?> document)
    {
        Source = source;
        Content = content;
        _document = document;
    }

    /// <summary>The template, or the file below crds/: <c>chart/templates/x.yaml</c>.</summary>
    public string Source { get; }

    /// <summary>As printed, without blanks around it.</summary>
    public string Content { get; }

    /// <summary>It holds nothing but comments.</summary>
    public bool IsEmpty => _document.Count == 0;

    public string Kind => TextOrEmpty("kind");

    public string ApiVersion => TextOrEmpty("apiVersion");

    public string Name => TextOrEmpty("metadata.name");

    /// <summary>What it says; empty where it leaves that to the release.</summary>
    public string Namespace => TextOrEmpty("metadata.namespace");

    public IReadOnlyDictionary<string, string> Labels => Texts("metadata.labels");

    public IReadOnlyDictionary<string, string> Annotations => Texts("metadata.annotations");

    /// <summary>Whether anything, also null, is written at a path such as <c>spec.containers[name=web].ports[0]</c>.</summary>
    public bool Has(string path) => ManifestPath.TryFind(_document, path, out _);

    /// <summary>
    /// What is written at a path: a bool, a double, a string, a list, a map from texts, or null. Keys with points are quoted:
    /// <c>metadata.labels["app.kubernetes.io/name"]</c>.
    /// </summary>
    /// <exception cref="KeyNotFoundException">Nothing.</exception>
    public object? Find(string path)
    {
        return ManifestPath.TryFind(_document, path, out object? found)
            ? found
            : throw new KeyNotFoundException($"{Kind} {Name} ({Source}) has nothing at {path}");
    }

    /// <summary>A scalar, printed: numbers without a needless point.</summary>
    /// <inheritdoc cref="Find"/>
    public string Text(string path) => ManifestValue.Print(Find(path));

    /// <inheritdoc cref="Find"/>
    public IReadOnlyList<object?> List(string path)
    {
        return Find(path) as List<object?> ?? throw new InvalidOperationException($"{Kind} {Name} ({Source}) has no list at {path}");
    }

    /// <inheritdoc cref="Find"/>
    public IReadOnlyDictionary<string, object?> Map(string path)
    {
        return Find(path) as Dictionary<string, object?>
            ?? throw new InvalidOperationException($"{Kind} {Name} ({Source}) has no map at {path}");
    }

    public override string ToString() => $"{Kind} {Name} ({Source})";

    /// <exception cref="HelmException">It is not YAML, or its head is not that of an object of Kubernetes.</exception>
    internal static Manifest Parse(string source, string content)
    {
        try
        {
            Dictionary<string, object?> document = YamlValues.ReadMap(content);
            ManifestHead.Check(document);
            return new Manifest(source, content, document);
        }
        catch (TemplateFunctionException refused)
        {
            throw new HelmException($"YAML parse error on {source}: {refused.Message}", refused);
        }
    }

    private string TextOrEmpty(string path) => ManifestPath.TryFind(_document, path, out object? found) ? found as string ?? "" : "";

    private Dictionary<string, string> Texts(string path)
    {
        return ManifestPath.TryFind(_document, path, out object? found) && found is Dictionary<string, object?> map
            ? map.ToDictionary(entry => entry.Key, entry => ManifestValue.Print(entry.Value), StringComparer.Ordinal)
            : [];
    }
}
