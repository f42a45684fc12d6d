using K8sConsul.Template;

namespace K8sConsul.Helm.Charts;

/// <summary>Chart.yaml: what templates see as <c>.Chart</c>.</summary>
/// <param name="document">The file, as data.</param>
/// <param name="name">That of the file, or the alias that the parent gives.</param>
/// <param name="isRoot">No other chart contains it.</param>
internal sealed class ChartMetadata(Dictionary<string, object?> document, string name, bool isRoot) : ITemplateObject
{
    private static readonly GoType s_type = GoType.Struct("struct { chart.Metadata; IsRoot bool }");

    private static readonly (string Field, string Key)[] s_texts =
    [
        ("Home", "home"), ("Version", "version"), ("Description", "description"), ("Icon", "icon"), ("APIVersion", "apiVersion"),
        ("Condition", "condition"), ("Tags", "tags"), ("AppVersion", "appVersion"), ("KubeVersion", "kubeVersion"), ("Type", "type"),
    ];

    private readonly Dictionary<string, object?> _fields = FieldsOf(document, name, isRoot);

    public GoType Type => s_type;

    public IReadOnlyList<string> FieldNames { get; } =
    [
        "Name", "Home", "Sources", "Version", "Description", "Keywords", "Maintainers", "Icon", "APIVersion", "Condition", "Tags",
        "AppVersion", "Deprecated", "Annotations", "KubeVersion", "Dependencies", "Type", "IsRoot",
    ];

    public string Name { get; } = name;

    public string Version => Text(document, "version");

    public string KubeVersion => Text(document, "kubeVersion");

    public string ChartType => Text(document, "type");

    public bool IsLibrary => ChartType == "library";

    public bool TryGetField(string name, out object? value) => _fields.TryGetValue(name, out value);

    /// <summary>The same as part of another chart, or under another name.</summary>
    public ChartMetadata With(string newName, bool newIsRoot) => new(document, newName, newIsRoot);

    public static string Text(Dictionary<string, object?> map, string key) => map.GetValueOrDefault(key) as string ?? "";

    private static Dictionary<string, object?> FieldsOf(Dictionary<string, object?> document, string name, bool isRoot)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Name"] = name,
            ["Sources"] = Texts(document, "sources"),
            ["Keywords"] = Texts(document, "keywords"),
            ["Maintainers"] = Structures(document, "maintainers", "Name", "Email", "URL"),
            ["Deprecated"] = document.GetValueOrDefault("deprecated") is true,
            ["Annotations"] = Map(document, "annotations").ToDictionary(
                entry => entry.Key, entry => entry.Value as string ?? "", StringComparer.Ordinal),
            ["Dependencies"] = Structures(document, "dependencies", "Name", "Version", "Repository", "Condition", "Alias"),
            ["IsRoot"] = isRoot,
        };
        foreach ((string field, string key) in s_texts)
        {
            fields[field] = Text(document, key);
        }

        return fields;
    }

    public static IReadOnlyList<object?> List(Dictionary<string, object?> map, string key) => map.GetValueOrDefault(key) as List<object?> ?? [];

    public static string[] Texts(Dictionary<string, object?> map, string key) => [.. List(map, key).OfType<string>()];

    private static Dictionary<string, object?> Map(Dictionary<string, object?> map, string key)
    {
        return map.GetValueOrDefault(key) as Dictionary<string, object?> ?? [];
    }

    private static List<object?> Structures(Dictionary<string, object?> document, string key, params string[] fields)
    {
        return [.. List(document, key).OfType<Dictionary<string, object?>>().Select(one => (object?)fields.ToDictionary(
            field => field, field => (object?)Text(one, field.ToLowerInvariant()), StringComparer.Ordinal))];
    }
}
