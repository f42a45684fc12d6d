namespace K8sConsul.Histories;

/// <summary>One key's operations by the time of their call, with what the search asks of each again and again.</summary>
internal sealed class KeyHistory
{
    private readonly Dictionary<string, int> _values;

    public KeyHistory(IEnumerable<Operation> operations)
    {
        Operations = [.. operations.Where(SaysSomething).OrderBy(o => o.Invoked)];
        IsOptional = [.. Operations.Select(o => o.Kind != OperationKind.Read && o.Succeeded is null)];
        Returned = [.. Operations.Select((o, i) => IsOptional[i] ? long.MaxValue : o.Returned)];
        Observed = [.. Operations.Select(ObservedIndex)];
        ByObserved = [.. Enumerable.Range(0, Operations.Length).Where(i => Observed[i] != 0 && !IsOptional[i]).OrderBy(i => Observed[i])];
        Ends = [.. Operations.Select(EndsOf)];
        Guess = GuessPlaces();
        _values = Operations.SelectMany(o => new[] { o.Value, o.ReadValue }).OfType<string>().Append(string.Empty)
            .Distinct(StringComparer.Ordinal).Select((value, number) => (value, number)).ToDictionary(v => v.value, v => v.number, StringComparer.Ordinal);
        ReadValue = [.. Operations.Select(o => o is { Kind: OperationKind.Read, Exists: true } ? ValueNumber(o.ReadValue) : -1)];
        WrittenValue = [.. Operations.Select(o => o.Succeeded is not false && IsWrite(o.Kind) ? ValueNumber(o.Value) : -1)];
    }

    public Operation[] Operations { get; }

    /// <summary>Of those that may have taken effect at any time after their call, or never.</summary>
    public bool[] IsOptional { get; }

    public long[] Returned { get; }

    /// <summary>The ModifyIndex that the key must have had just before; 0 where there is none.</summary>
    public ulong[] Observed { get; }

    /// <summary>Those that must be placed and must have seen a certain index, lowest first.</summary>
    public int[] ByObserved { get; }

    /// <summary>The ends of an acquisition's session: it must come before them.</summary>
    public int[][] Ends { get; }

    /// <summary>
    /// Twice the index that a change seems to have made, by a read of its value, or one more than twice the index that it replaced; 0
    /// where neither is known.
    /// </summary>
    public ulong[] Guess { get; }

    /// <summary>The number of the value that a read saw; -1 for everything else.</summary>
    public int[] ReadValue { get; }

    /// <summary>The number of the value that a change may have written; -1 for everything else.</summary>
    public int[] WrittenValue { get; }

    public int Values => _values.Count;

    public int ValueNumber(string? value) => _values[value ?? string.Empty];

    private static bool IsWrite(OperationKind kind) =>
        kind is OperationKind.Write or OperationKind.CompareAndSet or OperationKind.Acquire or OperationKind.Release;

    /// <summary>A read that was not answered says nothing, and an end of a session that was refused has no effect.</summary>
    private static bool SaysSomething(Operation operation) => operation.Kind switch
    {
        OperationKind.Read => operation.Returned != long.MaxValue,
        OperationKind.DestroySession => operation.Succeeded is not false,
        _ => true,
    };

    private static ulong ObservedIndex(Operation operation) => operation switch
    {
        { Kind: OperationKind.Read, Exists: true } => operation.ModifyIndex,
        { Kind: OperationKind.CompareAndSet, Succeeded: true } => operation.ExpectedIndex,
        _ => 0,
    };

    private int[] EndsOf(Operation operation)
    {
        if (operation.Kind != OperationKind.Acquire)
        {
            return [];
        }

        return [.. Enumerable.Range(0, Operations.Length)
            .Where(i => Operations[i].Kind == OperationKind.DestroySession && Operations[i].Session == operation.Session)];
    }

    private ulong[] GuessPlaces()
    {
        var seen = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (Operation read in Operations.Where(o => o is { Kind: OperationKind.Read, Exists: true }))
        {
            string value = read.ReadValue ?? string.Empty;
            seen[value] = seen.TryGetValue(value, out ulong least) ? Math.Min(least, read.ModifyIndex) : read.ModifyIndex;
        }

        return [.. Operations.Select(o => seen.TryGetValue(o.Value ?? string.Empty, out ulong index) ? 2 * index : ReplacedPlace(o))];
    }

    private static ulong ReplacedPlace(Operation operation) =>
        operation is { Kind: OperationKind.CompareAndSet or OperationKind.DeleteIfUnchanged, Succeeded: true, ExpectedIndex: > 0 }
            ? (2 * operation.ExpectedIndex) + 1
            : 0;
}
