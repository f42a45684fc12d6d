namespace K8sConsul.Histories;

/// <param name="IsLinearizable">True only if an order was found for every key.</param>
/// <param name="Explanation">Of what is wrong, or what could not be decided: the smallest offending part, one operation per line.</param>
/// <param name="IsUndecided">The limits were reached before an order was found or excluded.</param>
public sealed record CheckResult(bool IsLinearizable, string? Explanation, bool IsUndecided)
{
    internal static CheckResult Fine { get; } = new(IsLinearizable: true, Explanation: null, IsUndecided: false);
}
