using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Template.Tests;

/// <summary>The recorder's <c>Service</c> behind its pointer, or itself.</summary>
internal sealed class GoService(bool isPointer) : ITemplateObject
{
    private static readonly GoType s_struct = GoType.Struct("main.Service");
    private static readonly GoType s_pointer = GoType.PointerTo(s_struct);

    public static GoType Pointer => s_pointer;

    public GoType Type => isPointer ? s_pointer : s_struct;

    public IReadOnlyList<string> FieldNames { get; } = ["Name", "Tags", "Port", "Meta", "hidden", "Any", "Next"];

    public bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Name" => "web",
            "Tags" => new GoTags(["a", "b"]),
            "Port" => (nint)80,
            "Meta" => new Dictionary<string, string> { ["k"] = "v" },
            "hidden" => (nint)0,
            _ => null,
        };
        return FieldNames.Contains(name);
    }

    public GoType? FieldType(string name) => name == "Next" ? s_pointer : null;

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = !isPointer ? null : name switch
        {
            "Twice" => TemplateFunction.Create((nint n) => 2 * n),
            "Fail" => TemplateFunction.Create<string>(() => throw new TemplateFunctionException("out of order")),
            _ => null,
        };
        return method is not null;
    }
}
