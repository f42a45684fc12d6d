using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template.Functions;

/// <summary>Values that a template keeps by name while it is executed: consul-template's <c>scratch</c>. Setters print nothing.</summary>
public sealed class Scratch : ITemplateObject
{
    private static readonly GoType s_type = GoType.PointerTo(GoType.Struct("template.Scratch"));

    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public GoType Type => s_type;

    public IReadOnlyList<string> FieldNames => [];

    public bool TryGetField(string name, out object? value)
    {
        value = null;
        return false;
    }

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name switch
        {
            "Key" => TemplateFunction.Create((string key) => _values.ContainsKey(key)),
            "Get" => TemplateFunction.Create((string key) => _values.GetValueOrDefault(key)),
            "Set" => TemplateFunction.Create((string key, object? value) => Set(_values, key, value)),
            "SetX" => TemplateFunction.Create((string key, object? value) => SetAbsent(_values, key, value)),
            "MapSet" => TemplateFunction.Create((string key, string mapKey, object? value) => Set(MapOf(key), mapKey, value)),
            "MapSetX" => TemplateFunction.Create((string key, string mapKey, object? value) => SetAbsent(MapOf(key), mapKey, value)),
            "MapValues" => TemplateFunction.CreateWithCall((TemplateCall call, string key) => MapValues(call, key)),
            _ => null,
        };
        return method is not null;
    }

    private static string Set(Dictionary<string, object?> values, string key, object? value)
    {
        values[key] = value;
        return "";
    }

    private static string SetAbsent(Dictionary<string, object?> values, string key, object? value)
    {
        values.TryAdd(key, value);
        return "";
    }

    private Dictionary<string, object?> MapOf(string key)
    {
        if (!_values.TryGetValue(key, out object? value))
        {
            value = new Dictionary<string, object?>(StringComparer.Ordinal);
            _values[key] = value;
        }

        return value as Dictionary<string, object?> ?? throw NotMap(key);
    }

    private List<object?>? MapValues(TemplateCall call, string key)
    {
        if (!_values.TryGetValue(key, out object? value))
        {
            return null;
        }

        if (value is not Dictionary<string, object?> map)
        {
            throw NotMap(key);
        }

        call.CountItems(map.Count);
        return [.. GoData.TryEntries(map)!.Select(entry => entry.Value)];
    }

    private static TemplateFunctionException NotMap(string key) => new($"\"{key}\" is not a map");
}
