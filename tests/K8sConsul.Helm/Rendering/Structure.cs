using K8sConsul.Template;

namespace K8sConsul.Helm.Rendering;

/// <summary>A structure of fields only.</summary>
internal sealed class Structure(string typeName, IReadOnlyList<KeyValuePair<string, object?>> fields) : ITemplateObject
{
    public GoType Type { get; } = GoType.Struct(typeName);

    public IReadOnlyList<string> FieldNames { get; } = [.. fields.Select(field => field.Key)];

    public bool TryGetField(string name, out object? value)
    {
        foreach ((string own, object? held) in fields)
        {
            if (own == name)
            {
                value = held;
                return true;
            }
        }

        value = null;
        return false;
    }
}
