namespace K8sConsul.Template;

/// <summary>A value together with the type that it was declared with, which may be wider than what it holds.</summary>
/// <remarks>
/// Three states: none (<see cref="Type"/> is null: Go's invalid value, printed <c>&lt;no value&gt;</c>); nil of a type
/// (<see cref="Data"/> is null); a value. An element of a list of any has the type <c>interface {}</c>, which error texts show.
/// </remarks>
internal readonly record struct Value(object? Data, GoType? Type)
{
    public static Value None => default;

    public static Value True { get; } = new(true, GoType.Bool);

    public static Value False { get; } = new(false, GoType.Bool);

    public bool Exists => Type is not null;

    /// <summary>Holds nothing: none, or nil.</summary>
    public bool IsNil => Type is null || (Data is null && Type.HasNil);

    public bool IsInterface => Type?.Kind == GoKind.Interface;

    public GoKind Kind => Type!.Kind;

    /// <summary>Data with the type that it has by itself.</summary>
    public static Value Of(object? data)
    {
        return data is null ? None : new Value(data, GoData.TypeOf(data));
    }

    public static Value Of(bool data) => data ? True : False;

    public static Value OfAny(object? data) => new(data, GoType.Any);

    /// <summary>What a place declared with a type holds: an absent text is an empty one.</summary>
    public static Value Declared(object? data, GoType type)
    {
        return new Value(data ?? type.Zero, type);
    }

    public static Value ZeroOf(GoType type) => new(type.Zero, type);

    /// <summary>One level: what an interface holds.</summary>
    public Value Unwrapped => IsInterface ? Of(Data) : this;

    /// <summary>All levels: what an interface or a pointer leads to.</summary>
    /// <param name="isNil">It leads to nothing; the value is then where the way ended.</param>
    public Value Target(out bool isNil)
    {
        Value at = this;
        while (at.Type is { Kind: GoKind.Interface or GoKind.Pointer } type)
        {
            if (at.Data is null)
            {
                isNil = true;
                return at;
            }

            at = type.Kind == GoKind.Interface ? Of(at.Data) : new Value(at.Data, type.Element);
        }

        isNil = false;
        return at;
    }

    public int Count => GoData.Count(Data);

    /// <summary>Of a list.</summary>
    public Value ItemAt(int index)
    {
        return Declared(GoData.ShapeOf(Data!).ItemAt(Data!, index), Type!.Element!);
    }

    /// <summary>Of a map.</summary>
    /// <returns>None when there is no such entry.</returns>
    public Value EntryAt(object key)
    {
        return Data is not null && GoData.ShapeOf(Data).TryGet(Data, key, out object? value) ? Declared(value, Type!.Element!) : None;
    }

    /// <summary>Of a map, sorted by key.</summary>
    public List<(Value Key, Value Item)> SortedEntries()
    {
        var entries = new List<(Value Key, Value Item)>();
        if (Data is not null)
        {
            foreach ((object key, object? item) in GoData.ShapeOf(Data).Entries(Data))
            {
                entries.Add((Declared(key, Type!.Key!), Declared(item, Type.Element!)));
            }

            entries.Sort((left, right) => KeyOrder.Compare(left.Key.Data, right.Key.Data));
        }

        return entries;
    }

    /// <summary>Of a structure.</summary>
    /// <returns>None when there is no such field.</returns>
    public Value FieldOf(string name)
    {
        return Data is ITemplateObject structure && structure.TryGetField(name, out object? value)
            ? Declared(value, structure.FieldType(name) ?? GoData.TypeOf(value) ?? GoType.Any)
            : None;
    }

    /// <summary>As <c>if</c> judges it.</summary>
    public bool IsTrue
    {
        get
        {
            Value value = Unwrapped;
            if (value.Type is null)
            {
                return false;
            }

            return value.Data switch
            {
                null => value.Kind == GoKind.Struct,
                bool flag => flag,
                string text => text.Length > 0,
                System.Numerics.Complex complex => complex != System.Numerics.Complex.Zero,
                _ when value.Type.IsSigned => Numbers.Signed(value.Data) != 0,
                _ when value.Type.IsUnsigned => Numbers.Unsigned(value.Data) != 0,
                _ when value.Type.IsFloat => Numbers.Real(value.Data) != 0,
                _ when value.Kind is GoKind.Slice or GoKind.Map => value.Count > 0,
                _ => true,
            };
        }
    }
}
