namespace K8sConsul.Template.Tests;

/// <summary>A <c>map[bool]int</c>, which the table of .NET types does not hold.</summary>
internal sealed class GoFlags : ITemplateMap
{
    public GoType Type { get; } = GoType.MapOf(GoType.Bool, GoType.Int);

    public int Count => 2;

    public IEnumerable<KeyValuePair<object, object?>> Entries => [new(true, (nint)1), new(false, (nint)0)];

    public bool TryGet(object key, out object? value)
    {
        value = key is true ? (nint)1 : (nint)0;
        return key is bool;
    }
}
