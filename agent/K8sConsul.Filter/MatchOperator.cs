using System.Diagnostics;

namespace K8sConsul.Filter;

/// <summary>What a match asks of the selected value. <c>contains</c> is <see cref="In"/> written the other way round.</summary>
internal enum MatchOperator
{
    Equal,
    NotEqual,
    In,
    NotIn,
    IsEmpty,
    IsNotEmpty,
    Matches,
    NotMatches,
}

internal static class MatchOperators
{
    /// <summary>The name that go-bexpr prints in its error texts.</summary>
    public static string NameOf(this MatchOperator op) => op switch
    {
        MatchOperator.Equal => "Equal",
        MatchOperator.NotEqual => "Not Equal",
        MatchOperator.In => "In",
        MatchOperator.NotIn => "Not In",
        MatchOperator.IsEmpty => "Is Empty",
        MatchOperator.IsNotEmpty => "Is Not Empty",
        MatchOperator.Matches => "Matches",
        MatchOperator.NotMatches => "Not Matches",
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// The answer for a map that lacks the key. Consul 1.8.7 counts <c>matches</c> among those that hold, unlike <c>==</c> and
    /// <c>in</c>; clients have seen that for years, so it stays.
    /// </summary>
    public static bool HoldsForMissingKey(this MatchOperator op)
        => op is not (MatchOperator.Equal or MatchOperator.In or MatchOperator.IsNotEmpty);

    public static bool IsNegated(this MatchOperator op)
        => op is MatchOperator.NotEqual or MatchOperator.NotIn or MatchOperator.IsNotEmpty or MatchOperator.NotMatches;
}
