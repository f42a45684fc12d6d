namespace K8sConsul.Gossip.Tests.Serf;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0s", 0L)]
    [InlineData("100ns", 1L)]
    [InlineData("1.5µs", 15L)]
    [InlineData("2ms", 20_000L)]
    [InlineData("1s", 10_000_000L)]
    [InlineData("1.5s", 15_000_000L)]
    [InlineData("1m0s", 600_000_000L)]
    [InlineData("1h0m0s", 36_000_000_000L)]
    [InlineData("72h0m0.5s", 2_592_005_000_000L)]
    [InlineData("-1m30s", -900_000_000L)]
    public void Duration_is_written_and_read_as_Go_does(string text, long ticks)
    {
        Assert.Equal(text, GoDuration.Format(TimeSpan.FromTicks(ticks)));
        Assert.True(GoDuration.TryParse(text, out TimeSpan parsed));
        Assert.Equal(TimeSpan.FromTicks(ticks), parsed);
    }

    [Theory]
    [InlineData("1h30m", 90)]
    [InlineData("+1.5h", 90)]
    [InlineData(".5h", 30)]
    [InlineData("1.h", 60)]
    [InlineData("0", 0)]
    [InlineData("30m30m", 60)]
    public void Other_forms_that_Go_takes_are_read(string text, int minutes)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan parsed));
        Assert.Equal(TimeSpan.FromMinutes(minutes), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-")]
    [InlineData(".s")]
    [InlineData("1x")]
    [InlineData("1..5s")]
    [InlineData("1 s")]
    [InlineData("99999999999999999999h")]
    public void What_Go_refuses_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
