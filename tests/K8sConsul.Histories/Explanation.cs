using System.Globalization;
using System.Text;

namespace K8sConsul.Histories;

/// <summary>The smallest part of a key's history that has no order, found by leaving out what it does without.</summary>
internal static class Explanation
{
    private const int Attempts = 1_000;

    /// <summary>Per attempt: a part that is not the smallest explains as well.</summary>
    private const long ConfigurationsPerAttempt = 5_000;

    public static string Of(string key, IReadOnlyList<Operation> operations, long configurations)
    {
        List<Operation> prefix = ShortestPrefix(operations, configurations);
        List<Operation> offending = Reduce(prefix);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{key}: no order of these operations explains their answers:");
        foreach (Operation operation in offending)
        {
            text.Append("  ").AppendLine(operation.ToString());
        }

        if (offending.Count < operations.Count)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ({operations.Count - offending.Count} others of this key {Others(prefix, offending)})");
        }

        return text.ToString();
    }

    /// <summary>What is left out may have explained what is shown, unless the search says no.</summary>
    private static string Others(List<Operation> prefix, List<Operation> offending)
    {
        var shown = offending.ToHashSet(ReferenceEqualityComparer.Instance);
        IEnumerable<Operation> possible = prefix.Select(o => shown.Contains(o) ? o : Unknown(o));
        return Search.Run(possible, ConfigurationsPerAttempt) == Verdict.NotLinearizable ? "change nothing about it" : "are left out";
    }

    /// <summary>The history until the first answer that makes it wrong.</summary>
    private static List<Operation> ShortestPrefix(IReadOnlyList<Operation> operations, long configurations)
    {
        long[] ends = [.. operations.Select(o => o.Returned).Where(r => r != long.MaxValue).Distinct().Order()];
        int low = 0;
        int high = ends.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Search.Run(Until(operations, ends[middle]), configurations) == Verdict.NotLinearizable)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return ends.Length == 0 ? [.. operations] : Until(operations, ends[low]);
    }

    private static List<Operation> Until(IReadOnlyList<Operation> operations, long end) =>
    [
        .. operations.Where(o => o.Invoked <= end).Where(o => o.Returned <= end || o.Kind != OperationKind.Read)
            .Select(o => o.Returned <= end ? o : Unknown(o)).OrderBy(o => o.Invoked),
    ];

    private static List<Operation> Reduce(List<Operation> operations)
    {
        int attempts = 0;
        for (int size = Math.Max(1, operations.Count / 2); size >= 1; size /= 2)
        {
            for (int from = 0; from < operations.Count && attempts < Attempts;)
            {
                attempts++;
                List<Operation> without = Without(operations, from, size);
                if (without.Count < operations.Count && Search.Run(without, ConfigurationsPerAttempt) == Verdict.NotLinearizable)
                {
                    operations = without;
                }
                else
                {
                    from += size;
                }
            }
        }

        return operations;
    }

    /// <summary>Changes whose value a remaining read saw stay: without them the read would be wrong for another reason.</summary>
    private static List<Operation> Without(List<Operation> operations, int from, int size)
    {
        var seen = operations.Where((o, i) => o.Kind == OperationKind.Read && (i < from || i >= from + size))
            .Select(o => o.ReadValue ?? string.Empty)
            .ToHashSet(StringComparer.Ordinal);
        return [.. operations.Where((o, i) => i < from || i >= from + size || (o.Kind != OperationKind.Read && seen.Contains(o.Value ?? string.Empty)))];
    }

    private static Operation Unknown(Operation operation) => operation with { Returned = long.MaxValue, Succeeded = null };
}
