using System.Globalization;

namespace K8sConsul.Histories;

/// <summary>
/// Whether there is one order of all operations that respects who was done before whom and explains every answer: the search of
/// Wing and Gong with Lowe's memory, key by key.
/// </summary>
/// <remarks>
/// A key's history says nothing about another's, so each is searched alone (Herlihy and Wing: linearizability is local). The end of a
/// session touches many keys at once; here each of them sees it at a moment of its own within the call.
/// </remarks>
public static class Linearizability
{
    public static CheckResult Check(IReadOnlyList<Operation> history, CheckLimits limits = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        CheckResult? undecided = null;
        foreach ((string key, List<Operation> operations) in ByKey(history))
        {
            switch (Search.Run(operations, limits.Configurations))
            {
                case Verdict.NotLinearizable:
                    return new CheckResult(IsLinearizable: false, Explanation.Of(key, operations, limits.Configurations), IsUndecided: false);
                case Verdict.Undecided:
                    undecided ??= new CheckResult(IsLinearizable: false, Undecided(key, operations.Count, limits), IsUndecided: true);
                    break;
                default:
                    break;
            }
        }

        return undecided ?? CheckResult.Fine;
    }

    /// <summary>Every key's operations, and with them the ends of the sessions that were used with the key.</summary>
    private static IEnumerable<(string Key, List<Operation> Operations)> ByKey(IReadOnlyList<Operation> history)
    {
        ILookup<string, Operation> ends = history.Where(o => o.Kind == OperationKind.DestroySession)
            .ToLookup(o => o.Session ?? string.Empty, StringComparer.Ordinal);
        foreach (IGrouping<string, Operation> key in history
            .Where(o => o.Kind != OperationKind.DestroySession)
            .GroupBy(o => o.Key, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            IEnumerable<string> sessions = key.Select(o => o.Session).OfType<string>().Distinct(StringComparer.Ordinal);
            yield return (key.Key, [.. key, .. sessions.SelectMany(session => ends[session])]);
        }
    }

    private static string Undecided(string key, int operations, CheckLimits limits) => string.Create(
        CultureInfo.InvariantCulture,
        $"{key}: no order of its {operations} operations was found or excluded within {limits.Configurations} configurations");
}
