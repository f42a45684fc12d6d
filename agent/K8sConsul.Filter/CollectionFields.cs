namespace K8sConsul.Filter;

internal sealed class TextListField<T>(Func<T, IReadOnlyList<string>?> read) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        bool negated = request.Operator.IsNegated();
        switch (request.Operator)
        {
            case MatchOperator.In or MatchOperator.NotIn:
                string wanted = request.Value;
                return new Binding<T>(row => Holds(read(row), wanted) != negated);
            case MatchOperator.IsEmpty or MatchOperator.IsNotEmpty:
                return new Binding<T>(row => (read(row) is not { Count: > 0 }) != negated);
            default:
                return request.InvalidOperator<T>();
        }
    }

    private static bool Holds(IReadOnlyList<string>? list, string wanted)
    {
        if (list is not null)
        {
            for (int i = 0; i < list.Count; i++)
            {
                if (string.Equals(list[i], wanted, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

internal sealed class MapField<T, TValue>(Func<T, IReadOnlyDictionary<string, TValue>?> read, Field<TValue> value) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        bool negated = request.Operator.IsNegated();
        switch (request.Operator)
        {
            case MatchOperator.In or MatchOperator.NotIn:
                string key = request.Value;
                return new Binding<T>(row => (read(row) is { } map && map.ContainsKey(key)) != negated);
            case MatchOperator.IsEmpty or MatchOperator.IsNotEmpty:
                return new Binding<T>(row => (read(row) is not { Count: > 0 }) != negated);
            default:
                return request.InvalidOperator<T>();
        }
    }

    protected override Binding<T> BindBelow(MatchRequest request, int depth)
    {
        string key = request.Name(depth);
        bool whenMissing = request.Operator.HoldsForMissingKey();
        return value.Bind(request, depth + 1).Through<T>(
            test => row => read(row) is { } map && map.TryGetValue(key, out TValue? found) ? test(found) : whenMissing);
    }
}

internal sealed class ObjectField<T, TItem>(Func<T, TItem> read, Field<TItem> fields) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request) => request.InvalidOperator<T>();

    protected override Binding<T> BindBelow(MatchRequest request, int depth)
        => fields.Bind(request, depth).Through<T>(test => row => test(read(row)));
}

internal sealed class ObjectListField<T, TItem>(Func<T, IReadOnlyList<TItem>?> read, Field<TItem> fields) : Field<T>
{
    protected override Binding<T> BindHere(MatchRequest request)
    {
        if (request.Operator is not (MatchOperator.IsEmpty or MatchOperator.IsNotEmpty))
        {
            return request.InvalidOperator<T>();
        }

        bool negated = request.Operator.IsNegated();
        return new Binding<T>(row => (read(row) is not { Count: > 0 }) != negated);
    }

    // A negated operator is asked of each element too: `Checks.Status != passing` holds when any check is not passing.
    protected override Binding<T> BindBelow(MatchRequest request, int depth)
        => fields.Bind(request, depth).Through<T>(test => row => AnyHolds(read(row), test));

    private static bool AnyHolds(IReadOnlyList<TItem>? list, Predicate<TItem> test)
    {
        if (list is not null)
        {
            for (int i = 0; i < list.Count; i++)
            {
                if (test(list[i]))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
