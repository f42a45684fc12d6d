using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary>Data as Helm's <c>toYaml</c> prints them: by way of JSON, where 3.0 is 3.</summary>
internal static class YamlForm
{
    /// <summary>Without the line break at the end.</summary>
    /// <exception cref="TemplateFunctionException">There is no form for it.</exception>
    public static string Write(TemplateCall call, object? data)
    {
        string json = DataText.WriteJson(call, data);
        string yaml = DataText.WriteYaml(call, DataText.ReadYaml(json, call));
        return yaml.EndsWith('\n') ? yaml[..^1] : yaml;
    }
}
