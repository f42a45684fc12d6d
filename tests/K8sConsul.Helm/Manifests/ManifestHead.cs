using K8sConsul.Helm.Values;
using K8sConsul.Template;

namespace K8sConsul.Helm.Manifests;

/// <summary>The part of a document that Helm itself reads, and whose types it therefore checks.</summary>
internal static class ManifestHead
{
    /// <exception cref="TemplateFunctionException">In the words of Go's JSON decoder.</exception>
    public static void Check(Dictionary<string, object?> document)
    {
        CheckText(document, "apiVersion", ".apiVersion");
        CheckText(document, "kind", ".kind");
        if (document.GetValueOrDefault("metadata") is not { } metadata)
        {
            return;
        }

        Dictionary<string, object?> head = MapOf(metadata, ".metadata");
        CheckText(head, "name", ".metadata.name");
        if (head.GetValueOrDefault("annotations") is { } annotations)
        {
            Dictionary<string, object?> texts = MapOf(annotations, ".metadata.annotations");
            foreach (string key in texts.Keys)
            {
                CheckText(texts, key, ".metadata.annotations");
            }
        }
    }

    private static void CheckText(Dictionary<string, object?> map, string key, string field)
    {
        if (map.GetValueOrDefault(key) is { } value and not string)
        {
            throw WrongKind(value, field, "string");
        }
    }

    private static Dictionary<string, object?> MapOf(object value, string field)
    {
        return value as Dictionary<string, object?> ?? throw WrongKind(value, field, "map[string]string");
    }

    private static TemplateFunctionException WrongKind(object value, string field, string wanted)
    {
        return new TemplateFunctionException("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
            + $"{YamlValues.KindOf(value)} into Go struct field {field} of type {wanted}");
    }
}
