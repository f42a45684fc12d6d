using static K8sConsul.Histories.Tests.Calls;

namespace K8sConsul.Histories.Tests;

public sealed class StaleReadsTests
{
    [Fact]
    public void A_server_may_lag_behind_but_not_go_back()
    {
        Operation older = Read(2, 3, "a", 5) with { Server = "one" };
        Operation newer = Read(0, 1, "b", 6) with { Server = "one" };
        Assert.True(StaleReads.Check([newer, older with { Server = "two" }]).IsLinearizable);
        Assert.True(StaleReads.Check([newer, older with { Invoked = 1 }]).IsLinearizable);

        CheckResult result = StaleReads.Check([newer, older]);
        Assert.False(result.IsLinearizable);
        Assert.StartsWith("k: a server went back:\n", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_index_of_an_absent_key_counts_too()
    {
        Operation deleted = Read(0, 1, null) with { Server = "one", Index = 9 };
        Operation before = Read(2, 3, "a", 5) with { Server = "one", Index = 5 };
        Assert.False(StaleReads.Check([deleted, before]).IsLinearizable);
        Assert.True(StaleReads.Check([before with { Invoked = 0, Returned = 1 }, deleted with { Invoked = 2, Returned = 3 }]).IsLinearizable);
    }

    [Fact]
    public void One_index_stands_for_one_entry_everywhere()
    {
        CheckResult result = StaleReads.Check([Read(0, 1, "a", 5) with { Server = "one" }, Read(0, 1, "b", 5) with { Server = "two" }]);
        Assert.False(result.IsLinearizable);
        Assert.StartsWith("k: one index, two entries:\n", result.Explanation, StringComparison.Ordinal);
    }
}
