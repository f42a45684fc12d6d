using K8sConsul.Go;

namespace K8sConsul.Filter;

/// <summary>The outcome of tying (a part of) an expression to a row type: a test, or the text that says why there is none.</summary>
internal readonly struct Binding<T>
{
    public Binding(Predicate<T> test) => Test = test;

    private Binding(string error) => Error = error;

    public Predicate<T>? Test { get; }

    public string? Error { get; }

    public static Binding<T> Refuse(string error) => new(error);

    /// <summary>The same test on rows that lead to a <typeparamref name="T"/>.</summary>
    public Binding<TRow> Through<TRow>(Func<Predicate<T>, Predicate<TRow>> lift)
        => Test is null ? Binding<TRow>.Refuse(Error!) : new Binding<TRow>(lift(Test));
}

/// <summary>One match on its way down the schema, with the error texts that only the whole selector can give.</summary>
internal readonly record struct MatchRequest(FilterNode.Match Match)
{
    public MatchOperator Operator => Match.Operator;

    /// <summary>The operand; the parser gives one to every operator that reads it.</summary>
    public string Value => Match.Value ?? throw new System.Diagnostics.UnreachableException();

    public int Length => Match.Selector.Path.Count;

    public string Name(int depth) => Match.Selector.Path[depth];

    public Binding<T> UnknownSelector<T>(int depth)
        => Binding<T>.Refuse($"Selector {GoText.Quote(Match.Selector.Prefix(depth + 1))} is not valid");

    public Binding<T> InvalidOperator<T>() => Binding<T>.Refuse(
        $"Invalid match operator {GoText.Quote(Operator.NameOf())} for selector {GoText.Quote(Match.Selector.ToString())}");

    public Binding<T> BadValue<T>(string reason) => Binding<T>.Refuse(
        $"Failed to coerce value {GoText.Quote(Value)} for selector {GoText.Quote(Match.Selector.ToString())}: {reason}");
}
