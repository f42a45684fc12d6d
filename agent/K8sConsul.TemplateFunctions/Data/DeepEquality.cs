namespace K8sConsul.Template.Functions;

/// <summary>Go's <c>reflect.DeepEqual</c>: the same type and the same content. Numbers of different kinds are never equal.</summary>
internal static class DeepEquality
{
    public static bool AreEqual(TemplateCall call, object? left, object? right) => AreEqual(call, left, right, depth: 0);

    private static bool AreEqual(TemplateCall call, object? left, object? right, int depth)
    {
        CallExtensions.CheckDepth(depth);
        call.CountSteps(1);
        if (left is null || right is null)
        {
            return left is null && right is null;
        }

        GoType type = GoData.TypeOf(left)!;
        if (!type.Equals(GoData.TypeOf(right)))
        {
            return false;
        }

        if (ReferenceEquals(left, right) && !type.IsFloat)
        {
            return true;
        }

        if (type.IsSigned)
        {
            return GoData.Signed(left) == GoData.Signed(right);
        }

        if (type.IsUnsigned)
        {
            return GoData.Unsigned(left) == GoData.Unsigned(right);
        }

        if (type.IsFloat)
        {
            double a = GoData.Real(left);
            return a == GoData.Real(right);
        }

        if (left is ITemplateObject one && right is ITemplateObject other)
        {
            return one.FieldNames.All(name => one.TryGetField(name, out object? mine) & other.TryGetField(name, out object? theirs)
                && AreEqual(call, mine, theirs, depth + 1));
        }

        if (GoData.TryItems(left) is { } items)
        {
            IReadOnlyList<object?> others = GoData.TryItems(right)!;
            return items.Count == others.Count && Enumerable.Range(0, items.Count).All(i => AreEqual(call, items[i], others[i], depth + 1));
        }

        if (GoData.TryEntries(left) is { } entries)
        {
            IReadOnlyList<KeyValuePair<object, object?>> others = GoData.TryEntries(right)!;
            return entries.Count == others.Count && Enumerable.Range(0, entries.Count).All(i =>
                AreEqual(call, entries[i].Key, others[i].Key, depth + 1) && AreEqual(call, entries[i].Value, others[i].Value, depth + 1));
        }

        return left.Equals(right);
    }
}
