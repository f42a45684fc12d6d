namespace K8sConsul.Template.Functions.Tests;

/// <summary>A structure as a renderer would give it: fields by name.</summary>
internal sealed class TestObject(GoType type, params (string Name, object? Value)[] fields) : ITemplateObject
{
    public static GoType PairType { get; } = GoType.PointerTo(GoType.Struct("dependency.KeyPair"));

    public static GoType ServiceType { get; } = GoType.PointerTo(GoType.Struct("dependency.HealthService"));

    public GoType Type => type;

    public IReadOnlyList<string> FieldNames { get; } = [.. fields.Select(field => field.Name)];

    public static TestObject Pair(string key, string value) => new(PairType, ("Path", "root/" + key), ("Key", key), ("Value", value));

    public static TestObject Service(string name, int port, string[] tags, Dictionary<string, string> meta)
    {
        return new TestObject(ServiceType, ("Name", name), ("Tags", tags), ("Port", (nint)port), ("ServiceMeta", meta));
    }

    public bool TryGetField(string name, out object? value)
    {
        int index = Array.FindIndex(fields, field => field.Name == name);
        value = index < 0 ? null : fields[index].Value;
        return index >= 0;
    }
}
