namespace K8sConsul.Contracts.GoJson;

public enum GoJsonKind
{
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A parsed JSON value. Members keep their order and may repeat; Go's decoder lets the last one win.</summary>
public sealed class GoJsonValue
{
    public static readonly GoJsonValue Null = new(GoJsonKind.Null);

    private GoJsonValue(GoJsonKind kind) => Kind = kind;

    public GoJsonKind Kind { get; }

    public bool Bool { get; private init; }

    /// <summary>The text of a string, or the literal of a number.</summary>
    public string Text { get; private init; } = string.Empty;

    public IReadOnlyList<GoJsonValue> Items { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, GoJsonValue>> Members { get; private init; } = [];

    public bool IsNull => Kind == GoJsonKind.Null;

    public static GoJsonValue Of(bool value) => new(GoJsonKind.Bool) { Bool = value };

    public static GoJsonValue OfNumber(string literal) => new(GoJsonKind.Number) { Text = literal };

    public static GoJsonValue Of(string text) => new(GoJsonKind.String) { Text = text };

    public static GoJsonValue Of(IReadOnlyList<GoJsonValue> items) => new(GoJsonKind.Array) { Items = items };

    public static GoJsonValue Of(IReadOnlyList<KeyValuePair<string, GoJsonValue>> members) => new(GoJsonKind.Object) { Members = members };

    /// <summary>The kind as Go's decoder names it in its errors.</summary>
    public string GoKind => Kind switch
    {
        GoJsonKind.Bool => "bool",
        GoJsonKind.Number => "number",
        GoJsonKind.String => "string",
        GoJsonKind.Array => "array",
        GoJsonKind.Object => "object",
        _ => "null",
    };
}
