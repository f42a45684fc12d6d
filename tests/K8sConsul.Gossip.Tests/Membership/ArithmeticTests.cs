namespace K8sConsul.Gossip.Tests.Membership;

/// <summary>The pure arithmetic of SWIM and Lifeguard, by table; the values are memberlist's own.</summary>
public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(0, 3, 0, 2_000, 30_000, 30_000)]
    [InlineData(1, 3, 2_000, 2_000, 30_000, 14_000)]
    [InlineData(2, 3, 3_000, 2_000, 30_000, 4_810)]
    [InlineData(3, 3, 4_000, 2_000, 30_000, -2_000)]
    [InlineData(4, 3, 5_000, 2_000, 30_000, -3_000)]
    [InlineData(5, 3, 10_000, 2_000, 30_000, -8_000)]
    [InlineData(0, 2, 0, 4_000, 24_000, 24_000)]
    [InlineData(1, 2, 0, 4_000, 24_000, 11_381)]
    [InlineData(2, 2, 0, 4_000, 24_000, 4_000)]
    [InlineData(1, 2, 0, 8_000, 48_000, 22_762)]
    public void Suspicion_shrinks_with_every_confirmation(int confirmations, int expected, int elapsedMs, int minMs, int maxMs, int remainingMs)
    {
        TimeSpan remaining = Suspicion.Remaining(confirmations, expected, Ms(elapsedMs), Ms(minMs), Ms(maxMs));

        Assert.Equal(Ms(remainingMs), remaining);
    }

    [Theory]
    [InlineData(1, 3_000)]
    [InlineData(5, 3_000)]
    [InlineData(10, 3_000)]
    [InlineData(50, 5_094)]
    [InlineData(100, 6_000)]
    [InlineData(500, 8_094)]
    [InlineData(1000, 9_000)]
    public void Least_suspicion_grows_with_the_logarithm_of_the_pool(int nodeCount, int timeoutMs) =>
        Assert.Equal(Ms(timeoutMs), Suspicion.TimeoutMin(3, nodeCount, TimeSpan.FromSeconds(1)));

    [Theory]
    [InlineData(4, 2, 0)]
    [InlineData(4, 3, 0)]
    [InlineData(4, 4, 2)]
    [InlineData(4, 100, 2)]
    [InlineData(6, 5, 0)]
    [InlineData(6, 6, 4)]
    [InlineData(3, 3, 1)]
    [InlineData(3, 2, 0)]
    public void Confirmations_are_expected_only_where_there_are_others_to_give_them(int mult, int nodeCount, int expected) =>
        Assert.Equal(expected, Suspicion.ConfirmationsExpected(mult, nodeCount));

    [Theory]
    [InlineData(3, 0, 0)]
    [InlineData(3, 1, 3)]
    [InlineData(3, 99, 6)]
    [InlineData(4, 9, 4)]
    [InlineData(4, 10, 8)]
    [InlineData(4, 99, 8)]
    [InlineData(4, 100, 12)]
    [InlineData(4, 999, 12)]
    [InlineData(4, 1000, 16)]
    public void Retransmissions_grow_with_the_logarithm_of_the_pool(int mult, int nodeCount, int limit) =>
        Assert.Equal(limit, TransmitQueue.RetransmitLimit(mult, nodeCount));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(32, 1)]
    [InlineData(33, 2)]
    [InlineData(64, 2)]
    [InlineData(65, 3)]
    [InlineData(128, 3)]
    [InlineData(129, 4)]
    [InlineData(1000, 6)]
    public void Push_pull_is_stretched_in_large_pools(int nodeCount, int factor) =>
        Assert.Equal(TimeSpan.FromSeconds(factor), PushPullSchedule.Scale(TimeSpan.FromSeconds(1), nodeCount));

    [Fact]
    public void Awareness_stays_between_none_and_its_maximum_and_stretches_the_interval()
    {
        var awareness = new Awareness(multiplierMax: 8);
        (int Delta, int Score)[] steps = [(0, 0), (-1, 0), (-10, 0), (1, 1), (-1, 0), (10, 7), (-1, 6), (-1, 5), (-1, 4), (-1, 3), (-1, 2), (-1, 1), (-1, 0), (-1, 0)];
        foreach ((int delta, int score) in steps)
        {
            awareness.Apply(delta);

            Assert.Equal(score, awareness.Score);
            Assert.Equal(TimeSpan.FromSeconds(score + 1), awareness.Scale(TimeSpan.FromSeconds(1)));
        }
    }

    [Fact]
    public void Random_numbers_are_a_contract()
    {
        var random = new SeededRandom(42);

        Assert.Equal([1546998764402558742UL, 6990951692964543102UL, 12544586762248559009UL], [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
