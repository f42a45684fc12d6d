using System.Diagnostics;

namespace K8sConsul.Histories.Tests;

/// <summary>Histories out of seeds, against the slow checker and against the clock.</summary>
public sealed class PropertyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Agrees_with_the_slow_checker(bool isWrong)
    {
        int refused = 0;
        for (int seed = 0; seed < 1_500; seed++)
        {
            List<Operation> history = RandomHistory.Small(seed, operations: 3 + (seed % 5), isWrong);
            bool expected = SlowChecker.IsLinearizable(history);
            CheckResult result = Linearizability.Check(history);
            Assert.True(expected == result.IsLinearizable, $"seed {seed}, expected {expected}:\n{string.Join('\n', history)}\n{result.Explanation}");
            refused += expected ? 0 : 1;
        }

        Assert.True(isWrong ? refused > 500 : refused == 0, $"{refused} refused");
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(16, false)]
    [InlineData(64, false)]
    public void Five_thousand_operations_of_one_key_are_checked_in_a_moment(int clients, bool withDeletes)
    {
        List<Operation> history = RandomHistory.Large(seed: 7, operations: 7_500, clients, withDeletes);
        long started = Stopwatch.GetTimestamp();
        CheckResult result = Linearizability.Check(history);
        Assert.True(result.IsLinearizable, result.Explanation);
        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        Assert.True(taken < TimeSpan.FromSeconds(10), $"{history.Count} operations of {clients} clients took {taken}");
        TestContext.Current.SendDiagnosticMessage($"{history.Count} operations of {clients} clients: {taken.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void A_mistake_in_a_long_history_is_told_in_a_few_lines()
    {
        List<Operation> history = RandomHistory.Large(seed: 3, operations: 2_000, clients: 10);
        int last = history.FindLastIndex(o => o is { Kind: OperationKind.Read, Exists: true });
        Operation old = history.First(o => o is { Kind: OperationKind.Read, Exists: true });
        history[last] = history[last] with { ReadValue = old.ReadValue, ModifyIndex = old.ModifyIndex };

        CheckResult result = Linearizability.Check(history);

        Assert.False(result.IsLinearizable);
        Assert.False(result.IsUndecided, result.Explanation);
        Assert.True(result.Explanation!.Split('\n').Length < 10, result.Explanation);
        Assert.Contains($"read k -> \"{old.ReadValue}\" at {old.ModifyIndex}", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void What_costs_too_much_is_undecided()
    {
        List<Operation> history = RandomHistory.Large(seed: 1, operations: 500, clients: 5);
        CheckResult result = Linearizability.Check(history, new CheckLimits { Configurations = 10 });
        Assert.True(result.IsUndecided);
        Assert.False(result.IsLinearizable);
        Assert.StartsWith("k: no order of its ", result.Explanation, StringComparison.Ordinal);
    }
}
