using static K8sConsul.Histories.Tests.Calls;

namespace K8sConsul.Histories.Tests;

public sealed class ExplanationTests
{
    [Fact]
    public void Says_which_operations_contradict_each_other_and_leaves_out_the_rest()
    {
        CheckResult result = Linearizability.Check(
        [
            Write(0, 1, "a"), Read(2, 3, "a", 5), Write(4, 5, "b"), Read(6, 7, "b", 6), Read(8, 9, "a", 5) with { Client = 4, Server = "server2" },
            Write(10, 11, "c"), Read(12, 13, "c", 9),
        ]);
        string expected = """
            k: no order of these operations explains their answers:
              [0 .. 1]                     client 0   write k = "a" -> true
              [6 .. 7]                     client 0   read k -> "b" at 6, lock index 0
              [8 .. 9]                     client 4   read k -> "a" at 5, lock index 0 (server2)
            """;
        Assert.Contains("client 4   read k -> \"a\" at 5, lock index 0 (server2)", result.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("\"c\"", result.Explanation, StringComparison.Ordinal);
        Assert.Equal(expected.Split('\n')[0], result.Explanation!.Split('\n')[0].TrimEnd());
    }
}
