using K8sConsul.Helm.Rendering;
using K8sConsul.Template;

namespace K8sConsul.Helm.Values;

/// <summary>What the user gives: files in their order, then <c>--set-json</c>, <c>--set</c> and <c>--set-string</c>.</summary>
internal static class GivenValues
{
    /// <exception cref="HelmException">One of them cannot be read.</exception>
    public static Dictionary<string, object?> Of(HelmOptions options)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (string yaml in options.Values)
        {
            try
            {
                TableMerge.Override(values, YamlValues.ReadMap(yaml));
            }
            catch (TemplateFunctionException refused)
            {
                throw new HelmException($"failed to parse values: {refused.Message}", refused);
            }
        }

        Apply(options.SetJson, SetKind.Json, values);
        Apply(options.Set, SetKind.Typed, values);
        Apply(options.SetString, SetKind.Text, values);
        return values;
    }

    private static void Apply(IEnumerable<string> arguments, SetKind kind, Dictionary<string, object?> values)
    {
        foreach (string argument in arguments)
        {
            SetArgument.Apply(argument, kind, values);
        }
    }
}
