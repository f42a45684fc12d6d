namespace K8sConsul.Filter;

/// <summary>
/// The fields of a row type that a filter may select, named as Consul names them, with how to read each. Built once per row
/// type, without reflection, then only read (and may be shared between threads).
/// </summary>
/// <remarks>
/// Field names with dots describe structures: <c>Text("Node.ID", …)</c> makes <c>Node</c> a structure that has a field <c>ID</c>.
/// A name that is not described is not selectable, which is how Consul hides <c>CreateIndex</c> or a check's <c>Definition</c>.
/// </remarks>
public sealed class FilterSchema<T>
{
    private readonly Field<T>.Structure _root = new();

    /// <summary>A text: <c>==</c>, <c>in</c>/<c>contains</c> (part of the text), <c>matches</c>. Null reads as "".</summary>
    public FilterSchema<T> Text(string path, Func<T, string?> read) => Add(path, new TextField<T>(read));

    /// <summary>A whole number: <c>==</c> only.</summary>
    public FilterSchema<T> Int(string path, Func<T, long> read) => Add(path, new IntField<T>(read));

    /// <summary>A flag: <c>==</c> only, with Go's spellings of true and false.</summary>
    public FilterSchema<T> Bool(string path, Func<T, bool> read) => Add(path, new BoolField<T>(read));

    /// <summary>A list of texts: <c>in</c>/<c>contains</c> (an element), <c>is empty</c>. Null is empty.</summary>
    public FilterSchema<T> TextList(string path, Func<T, IReadOnlyList<string>?> read) => Add(path, new TextListField<T>(read));

    /// <summary>A map of texts: <c>in</c>/<c>contains</c> (a key), <c>is empty</c>; its values are texts below it. Null is empty.</summary>
    public FilterSchema<T> TextMap(string path, Func<T, IReadOnlyDictionary<string, string>?> read)
        => Add(path, new MapField<T, string>(read, new TextField<string>(value => value)));

    /// <summary>A structure described by its own schema. A null structure reads as one in which every field has Go's zero value.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="read">The structure. Must not be null; give an empty object where there is none.</param>
    /// <param name="fields">Its fields.</param>
    public FilterSchema<T> Object<TItem>(string path, Func<T, TItem> read, FilterSchema<TItem> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Add(path, new ObjectField<T, TItem>(read, fields._root));
    }

    /// <summary>A list of structures: <c>is empty</c>; a field below it holds when <b>any</b> element makes it hold. Null is empty.</summary>
    public FilterSchema<T> Objects<TItem>(string path, Func<T, IReadOnlyList<TItem>?> read, FilterSchema<TItem> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Add(path, new ObjectListField<T, TItem>(read, fields._root));
    }

    /// <summary>A map of structures: <c>in</c>/<c>contains</c> (a key), <c>is empty</c>; fields below a key. Null is empty.</summary>
    public FilterSchema<T> ObjectMap<TItem>(string path, Func<T, IReadOnlyDictionary<string, TItem>?> read, FilterSchema<TItem> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Add(path, new MapField<T, TItem>(read, fields._root));
    }

    internal Binding<T> BindMatch(MatchRequest request, int depth) => _root.Bind(request, depth);

    private FilterSchema<T> Add(string path, Field<T> field)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _root.Add(path.Split('.'), field);
        return this;
    }
}
