namespace K8sConsul.Filter;

/// <summary>A parsed expression. Chains of <c>and</c> and <c>or</c> are flat so that their length costs no stack.</summary>
internal abstract record FilterNode
{
    public sealed record Not(FilterNode Operand) : FilterNode;

    public sealed record All(IReadOnlyList<FilterNode> Operands) : FilterNode;

    public sealed record Any(IReadOnlyList<FilterNode> Operands) : FilterNode;

    // The value is null only for "is empty" and "is not empty".
    public sealed record Match(Selector Selector, MatchOperator Operator, string? Value) : FilterNode;
}

/// <summary>A path of names into a row, such as <c>Service.Meta["version"]</c>.</summary>
internal readonly record struct Selector(IReadOnlyList<string> Path)
{
    public override string ToString() => string.Join('.', Path);

    /// <summary>The first <paramref name="length"/> names, as error texts show a path that leads nowhere.</summary>
    public string Prefix(int length) => string.Join('.', Path.Take(length));
}
