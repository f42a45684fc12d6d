namespace K8sConsul.Template.Tests;

/// <summary>The recorder's <c>Point</c>: a structure that can be compared.</summary>
internal sealed class GoPoint(nint x, nint y, bool isPointer = false) : ITemplateObject
{
    private static readonly GoType s_struct = GoType.Struct("main.Point");

    public GoType Type { get; } = isPointer ? GoType.PointerTo(s_struct) : s_struct;

    public IReadOnlyList<string> FieldNames { get; } = ["X", "Y"];

    public bool TryGetField(string name, out object? value)
    {
        value = name == "X" ? x : y;
        return FieldNames.Contains(name);
    }
}
