
namespace K8sConsul.Go.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0L, "0s")]
    [InlineData("0s", 0L, "0s")]
    [InlineData("+5s", 5_000_000_000L, "5s")]
    [InlineData("-1.5h", -5_400_000_000_000L, "-1h30m0s")]
    [InlineData("1h2m3.5s", 3_723_500_000_000L, "1h2m3.5s")]
    [InlineData("300ms", 300_000_000L, "300ms")]
    [InlineData("1.5us", 1_500L, "1.5µs")]
    [InlineData("1.5µs", 1_500L, "1.5µs")]
    [InlineData("1.5μs", 1_500L, "1.5µs")]
    [InlineData("7ns", 7L, "7ns")]
    [InlineData(".5m", 30_000_000_000L, "30s")]
    [InlineData("5.s", 5_000_000_000L, "5s")]
    [InlineData("90m", 5_400_000_000_000L, "1h30m0s")]
    [InlineData("87600h", 315_360_000_000_000_000L, "87600h0m0s")]
    [InlineData("1m0.000000001s", 60_000_000_001L, "1m0.000000001s")]
    [InlineData("0.3333333333333333333h", 1_200_000_000_000L, "20m0s")]
    [InlineData("0.100000000000000000000h", 360_000_000_000L, "6m0s")]
    [InlineData("9223372036854775807ns", long.MaxValue, "2562047h47m16.854775807s")]
    public void Accepted_text_and_its_printed_form(string text, long nanoseconds, string printed)
    {
        Assert.True(GoDuration.TryParse(text, out GoDuration duration, out string error), error);
        Assert.Equal(nanoseconds, duration.Nanoseconds);
        Assert.Equal(printed, duration.ToString());
        Assert.True(GoDuration.TryParse(printed, out GoDuration again, out _));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData("abc", "time: invalid duration \"abc\"")]
    [InlineData(".", "time: invalid duration \".\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("10", "time: missing unit in duration \"10\"")]
    [InlineData("1h10", "time: missing unit in duration \"1h10\"")]
    [InlineData("10x", "time: unknown unit \"x\" in duration \"10x\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("1 s", "time: unknown unit \" s\" in duration \"1 s\"")]
    [InlineData("--1s", "time: invalid duration \"--1s\"")]
    [InlineData("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("9223372036855ms", "time: invalid duration \"9223372036855ms\"")]
    [InlineData("2562048h", "time: invalid duration \"2562048h\"")]
    [InlineData("2562047h59m", "time: invalid duration \"2562047h59m\"")]
    public void Refused_text_gets_the_words_of_Go(string text, string expected)
    {
        Assert.False(GoDuration.TryParse(text, out GoDuration _, out string error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void The_most_negative_duration_prints()
    {
        Assert.Equal("-2562047h47m16.854775808s", new GoDuration(long.MinValue).ToString());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(-1, -1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(0, 0)]
    public void A_fraction_of_a_tick_counts_as_one(long nanoseconds, long ticks)
    {
        Assert.Equal(ticks, new GoDuration(nanoseconds).ToTimeSpan().Ticks);
    }

    /// <summary>Every whole number of nanoseconds survives printing and reading.</summary>
    [Fact]
    public void Printing_then_reading_gives_the_same_duration()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            // Above 2^53 Go's own floating point fraction is still exact, as it never holds more than nine digits.
            long nanoseconds = random.NextInt64(long.MinValue + 1, long.MaxValue) >> random.Next(0, 62);
            var duration = new GoDuration(nanoseconds);
            Assert.True(GoDuration.TryParse(duration.ToString(), out GoDuration again, out string error), error);
            Assert.Equal(duration, again);
        }
    }

    [Fact]
    public void Random_text_is_accepted_or_refused_but_never_crashes()
    {
        const string Alphabet = "0123456789.+-hmsnuµ x";
        var random = new Random(8);
        for (int round = 0; round < 50_000; round++)
        {
            char[] text = new char[random.Next(0, 24)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[random.Next(Alphabet.Length)];
            }

            if (GoDuration.TryParse(new string(text), out GoDuration duration, out string error))
            {
                Assert.Empty(error);
                Assert.True(GoDuration.TryParse(duration.ToString(), out GoDuration again, out _));
                Assert.Equal(duration, again);
            }
            else
            {
                Assert.StartsWith("time: ", error, StringComparison.Ordinal);
            }
        }
    }
}
