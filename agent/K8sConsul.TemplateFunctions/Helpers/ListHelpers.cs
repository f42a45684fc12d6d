namespace K8sConsul.Template.Functions;

/// <summary>Consul-template's membership tests and <c>loop</c>.</summary>
internal static class ListHelpers
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddWithCall("in", (TemplateCall call, object? list, object? value) => Contains(call, list, value))
            .AddWithCall("contains", (TemplateCall call, object? value, object? list) => Contains(call, list, value))
            .AddWithCall("containsAll", (TemplateCall call, IReadOnlyList<object?> wanted, object? list)
                => wanted.All(value => Contains(call, list, value)))
            .AddWithCall("containsAny", (TemplateCall call, IReadOnlyList<object?> wanted, object? list)
                => wanted.Any(value => Contains(call, list, value)))
            .AddWithCall("containsNone", (TemplateCall call, IReadOnlyList<object?> wanted, object? list)
                => !wanted.Any(value => Contains(call, list, value)))
            .AddWithCall("containsNotAll", (TemplateCall call, IReadOnlyList<object?> wanted, object? list)
                => !wanted.All(value => Contains(call, list, value)))
            .AddVariadicWithCall<object?, NumberSequence>("loop", Loop);
    }

    /// <summary>Whether a list holds an equal text or number, or a text a part; whatever has no such meaning is not contained.</summary>
    public static bool Contains(TemplateCall call, object? list, object? value)
    {
        if (list is string whole)
        {
            return value is string part && whole.Contains(part, StringComparison.Ordinal);
        }

        if (GoData.TryItems(list) is not { } items || GoData.TypeOf(value) is not { } type)
        {
            return false;
        }

        call.CountSteps(items.Count);
        return items.Any(item => IsSame(item, value, type));
    }

    private static bool IsSame(object? item, object? value, GoType type)
    {
        if (item is string text)
        {
            return value is string same && text == same;
        }

        if (GoData.TypeOf(item) is not { } itemType)
        {
            return false;
        }

        return (itemType.IsSigned && type.IsSigned && GoData.Signed(item) == GoData.Signed(value))
            || (itemType.IsUnsigned && type.IsUnsigned && GoData.Unsigned(item) == GoData.Unsigned(value))
            || (itemType.IsFloat && type.IsFloat && GoData.Real(item).Equals(GoData.Real(value)) && !double.IsNaN(GoData.Real(item)));
    }

    private static NumberSequence Loop(TemplateCall call, IReadOnlyList<object?> bounds)
    {
        return bounds.Count switch
        {
            1 => NumberSequence.OfInt64(call, 0, Bound(bounds[0])),
            2 => NumberSequence.OfInt64(call, Bound(bounds[0]), Bound(bounds[1])),
            _ => throw new TemplateFunctionException($"loop: wrong number of arguments, expected 1 or 2, but got {bounds.Count}"),
        };
    }

    private static long Bound(object? bound)
    {
        return bound switch
        {
            string text => GoNumbers.ParseInt(text),
            _ when GoData.TypeOf(bound) is { IsSigned: true } => GoData.Signed(bound),
            _ when GoData.TypeOf(bound) is { IsUnsigned: true } => unchecked((long)GoData.Unsigned(bound)),
            _ => throw new TemplateFunctionException($"loop: bad argument type: {CallExtensions.TypeName(bound)}"),
        };
    }
}
