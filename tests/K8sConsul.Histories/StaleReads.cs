namespace K8sConsul.Histories;

/// <summary>
/// What even a stale read promises: at one server, between two of its starts, a key never goes back, and an index stands for the same
/// entry wherever and whenever it is read.
/// </summary>
public static class StaleReads
{
    /// <summary>Reads of every kind may be given; those without a <see cref="Operation.Server"/> are compared by what they saw only.</summary>
    public static CheckResult Check(IReadOnlyList<Operation> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        Operation[] reads = [.. history.Where(o => o.Kind == OperationKind.Read && o.Returned != long.MaxValue)];
        return (BackwardStep(reads) ?? Disagreement(reads)) is { } explanation
            ? new CheckResult(IsLinearizable: false, explanation, IsUndecided: false)
            : CheckResult.Fine;
    }

    private static string? BackwardStep(Operation[] reads)
    {
        foreach (IGrouping<(string Key, string?), Operation> group in reads
            .Where(o => o.Server is not null && IndexOf(o) != 0)
            .GroupBy(o => (o.Key, o.Server)))
        {
            var answered = new PriorityQueue<Operation, long>();
            Operation? newest = null;
            foreach (Operation read in group.OrderBy(o => o.Invoked))
            {
                while (answered.TryPeek(out Operation? done, out long returned) && returned < read.Invoked)
                {
                    answered.Dequeue();
                    newest = newest is null || IndexOf(done) > IndexOf(newest) ? done : newest;
                }

                if (newest is not null && IndexOf(read) < IndexOf(newest))
                {
                    return $"{group.Key.Key}: a server went back:\n  {newest}\n  {read}\n";
                }

                answered.Enqueue(read, read.Returned);
            }
        }

        return null;
    }

    private static string? Disagreement(Operation[] reads)
    {
        var seen = new Dictionary<(string Key, ulong Index), Operation>();
        foreach (Operation read in reads.Where(o => o.Exists && o.ModifyIndex != 0))
        {
            if (!seen.TryAdd((read.Key, read.ModifyIndex), read) && !SawTheSame(seen[(read.Key, read.ModifyIndex)], read))
            {
                return $"{read.Key}: one index, two entries:\n  {seen[(read.Key, read.ModifyIndex)]}\n  {read}\n";
            }
        }

        return null;
    }

    private static ulong IndexOf(Operation read) => Math.Max(read.Index, read.Exists ? read.ModifyIndex : 0);

    private static bool SawTheSame(Operation one, Operation other) =>
        (one.ReadValue ?? string.Empty) == (other.ReadValue ?? string.Empty)
        && (one.ReadSession ?? string.Empty) == (other.ReadSession ?? string.Empty)
        && one.LockIndex == other.LockIndex;
}
