namespace K8sConsul.Histories.Tests;

/// <summary>
/// The obvious way: every order, every choice among the unknown, every index that a change can have had. No memory, no heuristics, a
/// model of its own.
/// </summary>
internal static class SlowChecker
{
    public static bool IsLinearizable(IReadOnlyList<Operation> operations)
    {
        ulong highest = operations.Select(o => Math.Max(o.ModifyIndex, o.ExpectedIndex)).DefaultIfEmpty(0UL).Max() + (ulong)operations.Count;
        return CanFinish([.. operations.Where(o => o.Kind != OperationKind.Read || o.Returned != long.MaxValue).Where(o => o is not { Kind: OperationKind.DestroySession, Succeeded: false })], new Entry(), [], highest);
    }

    private static bool CanFinish(Operation[] left, Entry entry, string[] ended, ulong highest)
    {
        if (Array.TrueForAll(left, IsOptional))
        {
            return true;
        }

        for (int i = 0; i < left.Length; i++)
        {
            Operation operation = left[i];
            if (Array.Exists(left, other => !IsOptional(other) && other.Returned < operation.Invoked)
                || (operation is { Kind: OperationKind.Acquire, Succeeded: not false } && ended.Contains(operation.Session, StringComparer.Ordinal)))
            {
                continue;
            }

            Operation[] rest = [.. left[..i], .. left[(i + 1)..]];
            string[] endedThen = operation.Kind == OperationKind.DestroySession ? [.. ended, operation.Session!] : ended;
            if (Outcomes(entry, operation, highest).Any(after => CanFinish(rest, after, endedThen, highest)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOptional(Operation operation) => operation.Kind != OperationKind.Read && operation.Succeeded is null;

    private static IEnumerable<Entry> Outcomes(Entry entry, Operation operation, ulong highest)
    {
        (bool answer, Entry? changed) = Run(entry, operation);
        if (operation.Succeeded is { } succeeded && succeeded != answer)
        {
            return operation is { Kind: OperationKind.Acquire, Succeeded: false } && entry.Delayed ? [entry] : [];
        }

        if (operation.Kind == OperationKind.Read && !answer)
        {
            return [];
        }

        return changed is not { } next || next == entry ? [entry] : Indexes(entry.Index + 1, highest).Select(index => next with { Index = index });
    }

    /// <summary>What is answered, and what the entry is then; null where it stays.</summary>
    private static (bool Answer, Entry? Changed) Run(Entry entry, Operation o)
    {
        string value = o.Value ?? string.Empty;
        Entry put = entry with { There = true, Value = value, Locks = 0 };
        Entry gone = new() { Index = entry.Index, Delayed = entry.Delayed };
        switch (o.Kind)
        {
            case OperationKind.Read:
                return (Matches(entry, o), null);
            case OperationKind.Write:
                return (true, put);
            case OperationKind.CompareAndSet:
                bool matches = o.ExpectedIndex == 0 ? !entry.There : entry.There && entry.Index == o.ExpectedIndex;
                return (matches, matches ? put : null);
            case OperationKind.Delete:
                return (true, entry.There ? gone : null);
            case OperationKind.DeleteIfUnchanged:
                bool isIt = entry.There && entry.Index == o.ExpectedIndex;
                return (!entry.There || isIt, isIt ? gone : null);
            case OperationKind.Acquire when entry.Holder.Length == 0:
                return (true, new Entry { There = true, Value = value, Holder = o.Session!, Locks = entry.Locks + 1, Index = entry.Index });
            case OperationKind.Acquire:
                return (entry.Holder == o.Session, entry.Holder == o.Session ? entry with { Value = value } : null);
            case OperationKind.Release:
                return (entry.Holder == o.Session, entry.Holder == o.Session ? entry with { Value = value, Holder = string.Empty } : null);
            default:
                Entry freed = o.DeletesHeldKeys ? gone : entry with { Holder = string.Empty };
                return (true, entry.Holder == o.Session ? freed with { Delayed = o.DelaysLocks } : null);
        }
    }

    private static bool Matches(Entry entry, Operation read) => !read.Exists
        ? !entry.There
        : entry.There && entry.Value == (read.ReadValue ?? string.Empty) && entry.Holder == (read.ReadSession ?? string.Empty)
            && entry.Locks == read.LockIndex && (read.ModifyIndex == 0 || read.ModifyIndex == entry.Index);

    private static IEnumerable<ulong> Indexes(ulong from, ulong to)
    {
        for (ulong index = from; index <= to; index++)
        {
            yield return index;
        }
    }

    private sealed record Entry
    {
        public bool There { get; init; }

        public string Value { get; init; } = string.Empty;

        public string Holder { get; init; } = string.Empty;

        public ulong Locks { get; init; }

        public bool Delayed { get; init; }

        public ulong Index { get; init; }
    }
}
