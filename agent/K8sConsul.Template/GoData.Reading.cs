namespace K8sConsul.Template;

/// <content>Data read by functions that take any: lists, maps and structures of whatever .NET type.</content>
public static partial class GoData
{
    /// <summary>Whether <c>if</c> takes it for true.</summary>
    public static bool IsTrue(object? data) => Value.Of(data).IsTrue;

    /// <summary>The items of a list, read where they are.</summary>
    /// <returns>Null when it is no list.</returns>
    public static IReadOnlyList<object?>? TryItems(object? data)
    {
        return data switch
        {
            null => null,
            List<object?> list => list,
            object?[] array => array,
            _ when ShapeOf(data) is var shape && shape.TypeOf(data).Kind == GoKind.Slice => new ListItems(shape, data),
            _ => null,
        };
    }

    /// <summary>The entries of a map, sorted by key as templates walk them.</summary>
    /// <returns>Null when it is no map.</returns>
    public static IReadOnlyList<KeyValuePair<object, object?>>? TryEntries(object? data)
    {
        if (data is null || ShapeOf(data) is not { } shape || shape.TypeOf(data).Kind != GoKind.Map)
        {
            return null;
        }

        List<KeyValuePair<object, object?>> entries = [.. shape.Entries(data)];
        entries.Sort((left, right) => KeyOrder.Compare(left.Key, right.Key));
        return entries;
    }

    /// <summary>A field of a structure or the entry of a map, by name.</summary>
    public static bool TryMember(object? data, string name, out object? value)
    {
        value = null;
        return data switch
        {
            null => false,
            ITemplateObject structure => structure.TryGetField(name, out value),
            _ => ShapeOf(data).TryGet(data, name, out value),
        };
    }

    /// <summary>The items of a list, the entries of a map, the bytes of a text; 0 of others.</summary>
    public static int CountOf(object? data) => Count(data);

    /// <summary>A whole number of any signed kind; 0 of others.</summary>
    public static long Signed(object? data) => Numbers.Signed(data);

    /// <summary>A whole number of any unsigned kind; 0 of others.</summary>
    public static ulong Unsigned(object? data) => Numbers.Unsigned(data);

    /// <summary>A float of either kind; 0 of others.</summary>
    public static double Real(object? data) => Numbers.Real(data);
}
