namespace K8sConsul.Template.Functions;

/// <summary>Lists. None changes its argument. The forms with <c>must</c> differ only in Go, where the others panic.</summary>
internal static class SprigLists
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddVariadicWithCall<object?, List<object?>>("list", NewList)
            .AddVariadicWithCall<object?, List<object?>>("tuple", NewList)
            .AddVariadicWithCall<object?, List<object?>>("concat", Concat)
            .AddWithCall("until", (TemplateCall call, nint count) => NumberSequence.OfInt(call, 0, count, count < 0 ? -1 : 1))
            .AddWithCall("untilStep", (TemplateCall call, nint start, nint stop, nint step) => NumberSequence.OfInt(call, start, stop, step));
        Both("first", (call, name) => (object? list) => Items(call, list, $"Cannot find first on type {Kind(list)}") is { Count: > 0 } i ? i[0] : null);
        Both("last", (call, name) => (object? list) => Items(call, list, $"Cannot find last on type {Kind(list)}") is { Count: > 0 } i ? i[^1] : null);
        Both("rest", (call, name) => (object? list) => Part(call, list, "rest", 1, endOffset: 0));
        Both("initial", (call, name) => (object? list) => Part(call, list, "initial", 0, endOffset: 1));
        Both("reverse", (call, name) => (object? list) => Copied(call, list, "reverse").AsEnumerable().Reverse().ToList());
        Both("uniq", (call, name) => (object? list) => Unique(call, Copied(call, list, "uniq")));
        Both("compact", (call, name) => (object? list) => Copied(call, list, "compact").Where(GoData.IsTrue).ToList());

        foreach (string name in new[] { "append", "push", "mustAppend", "mustPush" })
        {
            functions.AddWithCall(name, (TemplateCall call, object? list, object? value) =>
                new List<object?>(Copied(call, list, "push")) { value });
        }

        foreach (string name in new[] { "prepend", "mustPrepend" })
        {
            functions.AddWithCall(name, (TemplateCall call, object? list, object? value) =>
                new List<object?>([value, .. Copied(call, list, "prepend")]));
        }

        foreach (string form in new[] { "", "must" })
        {
            functions
                .AddVariadicWithCall<object?, object?, List<object?>>(Name(form, "without"), (call, list, omitted) =>
                    Copied(call, list, "without").Where(item => !omitted.Any(other => DeepEquality.AreEqual(call, other, item))).ToList())
                .AddWithCall(Name(form, "has"), (TemplateCall call, object? value, object? list) => list is not null
                    && Items(call, list, $"Cannot find has on type {Kind(list)}").Any(item => DeepEquality.AreEqual(call, value, item)))
                .AddVariadicWithCall<object?, nint, object?>(Name(form, "slice"), Slice)
                .AddWithCall<nint, object?, List<object?>>(Name(form, "chunk"), Chunk);
        }

        void Both(string name, Func<TemplateCall, string, Func<object?, object?>> body)
        {
            functions.AddWithCall<object?, object?>(name, (call, list) => body(call, name)(list));
            functions.AddWithCall<object?, object?>(Name("must", name), (call, list) => body(call, name)(list));
        }
    }

    public static string Name(string form, string name) => form.Length == 0 ? name : form + char.ToUpperInvariant(name[0]) + name[1..];

    private static string Kind(object? data) => SprigTypes.KindOf(data);

    private static IReadOnlyList<object?> Items(TemplateCall call, object? list, string refusal)
    {
        IReadOnlyList<object?> items = GoData.TryItems(list) ?? throw new TemplateFunctionException(refusal);
        call.CountSteps(items.Count);
        return items;
    }

    /// <summary>A list of any that the caller may keep.</summary>
    private static List<object?> Copied(TemplateCall call, object? list, string verb)
    {
        IReadOnlyList<object?> items = GoData.TryItems(list) ?? throw new TemplateFunctionException($"Cannot {verb} on type {Kind(list)}");
        call.CountItems(items.Count);
        return [.. items];
    }

    private static List<object?> NewList(TemplateCall call, IReadOnlyList<object?> values)
    {
        call.CountItems(values.Count);
        return [.. values];
    }

    private static List<object?>? Part(TemplateCall call, object? list, string name, int start, int endOffset)
    {
        IReadOnlyList<object?> items = GoData.TryItems(list) ?? throw new TemplateFunctionException($"Cannot find {name} on type {Kind(list)}");
        call.CountItems(items.Count);
        return items.Count == 0 ? null : [.. items.Skip(start).Take(items.Count - start - endOffset)];
    }

    private static List<object?> Concat(TemplateCall call, IReadOnlyList<object?> lists)
    {
        var all = new List<object?>();
        foreach (object? list in lists)
        {
            IReadOnlyList<object?> items = GoData.TryItems(list)
                ?? throw new TemplateFunctionException($"Cannot concat type {Kind(list)} as list");
            call.CountItems(items.Count);
            all.AddRange(items);
        }

        return all;
    }

    private static List<object?> Unique(TemplateCall call, List<object?> items)
    {
        var unique = new List<object?>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var others = new List<object?>();
        foreach (object? item in items)
        {
            if (item is string text)
            {
                if (texts.Add(text))
                {
                    unique.Add(item);
                }
            }
            else if (!others.Exists(other => DeepEquality.AreEqual(call, other, item)))
            {
                others.Add(item);
                unique.Add(item);
            }
        }

        return unique;
    }

    private static object? Slice(TemplateCall call, object? list, IReadOnlyList<nint> bounds)
    {
        IReadOnlyList<object?> items = GoData.TryItems(list)
            ?? throw new TemplateFunctionException($"list should be type of slice or array but {Kind(list)}");
        if (items.Count == 0)
        {
            return null;
        }

        nint start = bounds.Count > 0 ? bounds[0] : 0;
        nint end = bounds.Count > 1 ? bounds[1] : items.Count;
        if (start < 0 || end > items.Count || start > end)
        {
            throw new TemplateFunctionException("reflect.Value.Slice: slice index out of bounds");
        }

        call.CountItems(end - start);
        return items.Skip((int)start).Take((int)(end - start)).ToList();
    }

    private static List<object?> Chunk(TemplateCall call, nint size, object? list)
    {
        IReadOnlyList<object?> items = GoData.TryItems(list) ?? throw new TemplateFunctionException($"Cannot chunk type {Kind(list)}");
        call.CountItems(items.Count * 2L);
        if (size <= 0)
        {
            throw new TemplateFunctionException("runtime error: integer divide by zero");
        }

        return [.. items.Chunk((int)Math.Min(size, int.MaxValue)).Select(chunk => (object?)chunk.ToList())];
    }
}
