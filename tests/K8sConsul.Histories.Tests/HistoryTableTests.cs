using static K8sConsul.Histories.Tests.Calls;

namespace K8sConsul.Histories.Tests;

/// <summary>Small histories whose verdict a person can see.</summary>
public sealed class HistoryTableTests
{
    private static readonly Dictionary<string, Operation[]> InOrder = new(StringComparer.Ordinal)
    {
        ["nothing happened"] = [],
        ["absent before the first write"] = [Read(0, 1, null), Write(2, 3, "a"), Read(4, 5, "a", 7)],
        ["a read beside a write sees either"] = [Write(0, 1, "a"), Write(2, 9, "b"), Read(3, 4, "a", 5), Read(5, 6, "b", 6)],
        ["two writes at once end in any order"] = [Write(0, 9, "a"), Write(0, 9, "b"), Read(10, 11, "a", 8)],
        ["an unanswered write may take effect late"] = [Unknown(Write(0, 1, "a")), Write(2, 3, "b"), Read(4, 5, "b", 5), Read(6, 7, "a", 6)],
        ["an unanswered write may never take effect"] = [Unknown(Write(0, 1, "a")), Read(2, 3, null), Read(8, 9, null)],
        ["an unanswered read says nothing"] = [Write(0, 1, "a"), Read(2, 3, "z", 1) with { Returned = long.MaxValue }],
        ["cas of what was read"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Cas(4, 5, "b", 5), Read(6, 7, "b", 9)],
        ["cas of what is gone"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "b"), Cas(6, 7, "c", 5, false), Read(8, 9, "b", 6)],
        ["cas of an absent key"] = [Cas(0, 1, "a", 0), Cas(2, 3, "b", 0, false), Read(4, 5, "a", 3)],
        ["the same value again keeps the index"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "a"), Read(6, 7, "a", 5)],
        ["deleted, whoever looks"] = [Write(0, 1, "a"), Delete(2, 3), Delete(4, 5), Read(6, 7, null)],
        ["delete with cas of an absent key"] = [DeleteCas(0, 1, 5)],
        ["delete with cas of what was read"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), DeleteCas(4, 5, 5), Read(6, 7, null)],
        ["a lock passes on"] =
        [
            Acquire(0, 1, "s", "a"), Acquire(2, 3, "t", "b", false), Read(3, 4, "a", 5, "s", 1), Release(5, 6, "s", "c"),
            Acquire(7, 8, "t", "d"), Read(9, 10, "d", 9, "t", 2),
        ],
        ["a put leaves the holder but not the count"] = [Acquire(0, 1, "s", "a"), Write(2, 3, "b"), Read(4, 5, "b", 5, "s", 0)],
        ["the end of a session frees its keys"] =
            [Acquire(0, 1, "s", "a"), Destroy(2, 3, "s"), Read(4, 5, "a", 6, null, 1), Acquire(6, 7, "t", "b"), Read(8, 9, "b", 8, "t", 2)],
        ["a delay after the end of a session"] =
            [Acquire(0, 1, "s", "a"), Destroy(2, 3, "s") with { DelaysLocks = true }, Acquire(4, 5, "t", "b", false), Acquire(6, 7, "t", "b")],
        ["a session that deletes what it held"] = [Acquire(0, 1, "s", "a"), Destroy(2, 3, "s") with { DeletesHeldKeys = true }, Read(4, 5, null)],
        ["a session that may have ended"] = [Acquire(0, 1, "s", "a"), Unknown(Destroy(0, 1, "s")), Acquire(4, 5, "t", "b")],
    };

    private static readonly Dictionary<string, Operation[]> OutOfOrder = new(StringComparer.Ordinal)
    {
        ["a value nobody wrote"] = [Write(0, 1, "a"), Read(2, 3, "b", 5)],
        ["a stale read"] = [Write(0, 1, "a"), Write(2, 3, "b"), Read(4, 5, "a", 5)],
        ["an acknowledged write is lost"] = [Write(0, 1, "a"), Read(2, 3, null)],
        ["read, unread"] = [Write(0, 1, "a"), Write(2, 20, "b"), Read(3, 4, "b", 6), Read(5, 6, "a", 5)],
        ["two reads disagree about two writes"] =
            [Write(0, 9, "a"), Write(0, 9, "b"), Read(10, 11, "a", 8), Read(12, 13, "b", 9)],
        ["an index goes back"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "b"), Read(6, 7, "b", 4)],
        ["no room between two indexes"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "b"), Write(6, 7, "c"), Read(8, 9, "c", 6)],
        ["an index changes by itself"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Read(4, 5, "a", 6)],
        ["a refused write took effect"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Cas(4, 5, "b", 5, false), Read(6, 7, "b", 6)],
        ["cas of what is gone succeeds"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "b"), Cas(6, 7, "c", 5)],
        ["cas succeeds twice"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Cas(4, 9, "b", 5), Cas(4, 9, "c", 5)],
        ["cas refused without a reason"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), Cas(4, 5, "b", 5, false)],
        ["cas of an absent key where one is"] = [Write(0, 1, "a"), Cas(2, 3, "b", 0)],
        ["an index that a refusal excluded"] = [Write(0, 1, "a"), Cas(2, 3, "b", 5, false), Read(4, 5, "a", 5)],
        ["an unanswered write takes effect twice"] =
            [Unknown(Write(0, 1, "a")), Read(2, 3, "a", 5), Write(4, 5, "b"), Read(6, 7, "a", 7)],
        ["an unanswered write before it was called"] = [Read(0, 1, "a", 3), Unknown(Write(2, 3, "a"))],
        ["deleted and still there"] = [Write(0, 1, "a"), Delete(2, 3), Read(4, 5, "a", 5)],
        ["delete with cas of another"] = [Write(0, 1, "a"), Read(2, 3, "a", 5), DeleteCas(4, 5, 4), Read(6, 7, null)],
        ["two holders"] = [Acquire(0, 1, "s", "a"), Acquire(2, 3, "t", "b")],
        ["a lock is refused to its holder"] = [Acquire(0, 1, "s", "a"), Acquire(2, 3, "s", "b", false)],
        ["another releases"] = [Acquire(0, 1, "s", "a"), Release(2, 3, "t", "b")],
        ["the count of acquisitions is wrong"] = [Acquire(0, 1, "s", "a"), Read(2, 3, "a", 5, "s", 2)],
        ["an ended session acquires"] = [Destroy(0, 1, "s"), Acquire(2, 3, "s", "a")],
        ["an ended session holds"] = [Acquire(0, 1, "s", "a"), Destroy(2, 3, "s"), Read(4, 5, "a", 5, "s", 1)],
    };

    public static TheoryData<string> NamesInOrder => [.. InOrder.Keys];

    public static TheoryData<string> NamesOutOfOrder => [.. OutOfOrder.Keys];

    [Theory]
    [MemberData(nameof(NamesInOrder))]
    public void Has_an_order(string name) => Assert.Equal(new CheckResult(true, null, false), Linearizability.Check(InOrder[name]));

    [Theory]
    [MemberData(nameof(NamesOutOfOrder))]
    public void Has_no_order(string name)
    {
        CheckResult result = Linearizability.Check(OutOfOrder[name]);
        Assert.False(result.IsLinearizable);
        Assert.False(result.IsUndecided);
        Assert.NotNull(result.Explanation);
    }

    [Theory]
    [MemberData(nameof(NamesInOrder))]
    public void The_slow_checker_finds_an_order_too(string name) => Assert.True(SlowChecker.IsLinearizable(InOrder[name]));

    [Theory]
    [MemberData(nameof(NamesOutOfOrder))]
    public void The_slow_checker_finds_none_either(string name) => Assert.False(SlowChecker.IsLinearizable(OutOfOrder[name]));
}
