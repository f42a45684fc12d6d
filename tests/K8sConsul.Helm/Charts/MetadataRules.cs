using K8sConsul.Helm.Values;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Charts;

/// <summary>What Chart.yaml must say.</summary>
internal static class MetadataRules
{
    // An unquoted version is a number.
    private static readonly string[] s_texts = ["apiVersion", "name", "version", "appVersion", "kubeVersion", "type"];

    private static readonly string[] s_dependencyTexts = ["name", "version", "alias", "condition"];

    /// <exception cref="HelmException"><c>validation: chart.metadata.version is required</c> and the like.</exception>
    public static void Check(Dictionary<string, object?> document, ChartMetadata metadata)
    {
        foreach (string key in s_texts)
        {
            CheckText(document.GetValueOrDefault(key), $"Metadata.{key}");
        }

        string? fault = FaultOf(document, metadata);
        if (fault is not null)
        {
            throw new HelmException("validation: " + fault);
        }
    }

    /// <summary>The same of an entry below <c>dependencies</c>.</summary>
    public static void CheckDependency(Dictionary<string, object?> entry)
    {
        foreach (string key in s_dependencyTexts)
        {
            CheckText(entry.GetValueOrDefault(key), $"Dependency.{key}");
        }

        foreach (object? tag in ChartMetadata.List(entry, "tags"))
        {
            CheckText(tag, "Dependency.tags");
        }
    }

    private static void CheckText(object? value, string field)
    {
        if (value is not (null or string))
        {
            throw new HelmException("cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                + $"{YamlValues.KindOf(value)} into Go struct field {field} of type string");
        }
    }

    private static string? FaultOf(Dictionary<string, object?> document, ChartMetadata metadata)
    {
        string version = metadata.Version;
        return true switch
        {
            // A file without it is of the first version.
            _ when ChartMetadata.Text(document, "apiVersion") is not ("" or "v1" or "v2") => "chart.metadata.apiVersion must be v1 or v2",
            _ when metadata.Name.Length == 0 => "chart.metadata.name is required",
            _ when metadata.Name.Contains('/', StringComparison.Ordinal) => $"chart.metadata.name \"{metadata.Name}\" is invalid",
            _ when version.Length == 0 => "chart.metadata.version is required",
            _ when !VersionRange.IsVersion(version) => $"chart.metadata.version \"{version}\" is invalid",
            _ when metadata.ChartType is not ("" or "application" or "library") => "chart.metadata.type must be application or library",
            _ => null,
        };
    }
}
