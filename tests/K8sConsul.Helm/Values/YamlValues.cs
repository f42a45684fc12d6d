using System.Globalization;
using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Values;

/// <summary>YAML as Helm reads it: by way of JSON, so that every number is a float64 and every key a text.</summary>
internal static class YamlValues
{
    /// <exception cref="TemplateFunctionException">It is not YAML: <c>error converting YAML to JSON: yaml: line N: …</c>.</exception>
    public static object? Read(string text, TemplateCall? call = null)
    {
        try
        {
            return AsJson(DataText.ReadYaml(text, call));
        }
        catch (TemplateFunctionException refused)
        {
            throw new TemplateFunctionException($"error converting YAML to JSON: {refused.Message}", refused);
        }
    }

    /// <summary>The same, where only a map will do. Nothing is an empty one.</summary>
    public static Dictionary<string, object?> ReadMap(string text, TemplateCall? call = null)
    {
        return Read(text, call) switch
        {
            null => new Dictionary<string, object?>(StringComparer.Ordinal),
            Dictionary<string, object?> map => map,
            object other => throw WrongKind(other, "map[string]interface {}"),
        };
    }

    /// <inheritdoc cref="ReadMap"/>
    public static List<object?> ReadList(string text, TemplateCall? call = null)
    {
        return Read(text, call) switch
        {
            null => [],
            List<object?> list => list,
            object other => throw WrongKind(other, "[]interface {}"),
        };
    }

    /// <summary>What JSON calls the value, in the errors of Go's decoder.</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "null",
        bool => "bool",
        string => "string",
        double or long => "number",
        List<object?> => "array",
        _ => "object",
    };

    /// <summary>Maps and lists are copied, others never change.</summary>
    public static object? Copy(object? value) => value switch
    {
        Dictionary<string, object?> map => Copy(map),
        List<object?> list => list.ConvertAll(Copy),
        _ => value,
    };

    public static Dictionary<string, object?> Copy(Dictionary<string, object?> map)
    {
        return map.ToDictionary(entry => entry.Key, entry => Copy(entry.Value), StringComparer.Ordinal);
    }

    private static TemplateFunctionException WrongKind(object value, string wanted)
    {
        return new TemplateFunctionException(
            $"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {KindOf(value)} into Go value of type {wanted}");
    }

    private static object? AsJson(object? value) => value switch
    {
        nint whole => (double)whole,
        ulong whole => (double)whole,
        List<object?> list => list.ConvertAll(AsJson),
        Dictionary<string, object?> map => map.ToDictionary(entry => entry.Key, entry => AsJson(entry.Value), StringComparer.Ordinal),
        Dictionary<object, object?> map => Renamed(map),
        _ => value,
    };

    private static Dictionary<string, object?> Renamed(Dictionary<object, object?> map)
    {
        var renamed = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((object key, object? value) in map)
        {
            renamed[KeyText(key)] = AsJson(value);
        }

        return renamed;
    }

    private static string KeyText(object key) => key switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => key.ToString()!,
    };
}
