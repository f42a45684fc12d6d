using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Filter;

/// <summary>
/// A filter expression (go-bexpr's language) that is well formed, but not yet tied to a type of row. Immutable; one may be
/// bound to several schemas, as when the same filter applies to nodes and to their services.
/// </summary>
public sealed class FilterExpression
{
    /// <summary>
    /// What Consul writes before every error text of this project, except for a bad selector on <c>/v1/agent/checks</c>.
    /// The texts that <see cref="TryParse"/> and <see cref="TryBind{T}"/> give do not hold it.
    /// </summary>
    public const string ErrorPrefix = "Failed to create boolean expression evaluator: ";

    private readonly FilterNode _root;

    private FilterExpression(FilterNode root) => _root = root;

    /// <summary>Reads an expression.</summary>
    /// <param name="text">At most <see cref="FilterLimits.ExpressionLengthMax"/> units. The empty text is an error: callers treat an
    /// empty <c>filter=</c> as no filter before they come here.</param>
    /// <param name="expression">The expression, when the text is one.</param>
    /// <param name="error">Otherwise go-bexpr's own text, such as <c>1:3 (2): no match found, expected: ...</c>, without
    /// <see cref="ErrorPrefix"/>.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FilterExpression? expression,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        expression = null;
        if (text.Length > FilterLimits.ExpressionLengthMax)
        {
            error = $"expression of length {text.Length} is longer than the limit of {FilterLimits.ExpressionLengthMax}";
            return false;
        }

        FilterNode? root = new ExpressionParser(text).Parse(out error);
        if (root is null)
        {
            error ??= "no match found";
            return false;
        }

        expression = new FilterExpression(root);
        return true;
    }

    /// <summary>Checks selectors, operators and values against the fields of a row type.</summary>
    /// <param name="schema">The fields that can be selected.</param>
    /// <param name="filter">True for the rows to keep. It never throws on a row, allocates only for reading lists and maps, and may
    /// be used by several threads.</param>
    /// <param name="error">Otherwise go-bexpr's own text, such as <c>Selector "Foo" is not valid</c>, without
    /// <see cref="ErrorPrefix"/>.</param>
    public bool TryBind<T>(
        FilterSchema<T> schema,
        [NotNullWhen(true)] out Predicate<T>? filter,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Binding<T> binding = Bind(_root, schema);
        filter = binding.Test;
        error = binding.Error;
        return filter is not null;
    }

    private static Binding<T> Bind<T>(FilterNode node, FilterSchema<T> schema)
    {
        switch (node)
        {
            case FilterNode.Not not:
                Binding<T> operand = Bind(not.Operand, schema);
                return operand.Test is { } test ? new Binding<T>(row => !test(row)) : operand;
            case FilterNode.All all:
                return BindEach(all.Operands, schema, stopOn: false);
            case FilterNode.Any any:
                return BindEach(any.Operands, schema, stopOn: true);
            case FilterNode.Match match:
                return schema.BindMatch(new MatchRequest(match), 0);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Binding<T> BindEach<T>(IReadOnlyList<FilterNode> operands, FilterSchema<T> schema, bool stopOn)
    {
        var tests = new Predicate<T>[operands.Count];
        for (int i = 0; i < tests.Length; i++)
        {
            Binding<T> bound = Bind(operands[i], schema);
            if (bound.Test is null)
            {
                return bound;
            }

            tests[i] = bound.Test;
        }

        return new Binding<T>(row =>
        {
            foreach (Predicate<T> test in tests)
            {
                if (test(row) == stopOn)
                {
                    return stopOn;
                }
            }

            return !stopOn;
        });
    }
}
