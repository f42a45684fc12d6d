using K8sConsul.Agent.Telemetry;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>Numbers as the real program was seen to print them, and as Go's documentation says.</summary>
public sealed class GoNumberTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.24177800118923187, "0.24177800118923187")]
    [InlineData(96813, "96813")]
    [InlineData(465600, "465600")]
    [InlineData(999999, "999999")]
    [InlineData(1000000, "1e+06")]
    [InlineData(13999272, "1.3999272e+07")]
    [InlineData(1321066496, "1.321066496e+09")]
    [InlineData(1795181983.5741296, "1.7951819835741296e+09")]
    [InlineData(18446744073709551615.0, "1.8446744073709552e+19")]
    [InlineData(0.000110674, "0.000110674")]
    [InlineData(0.00037426547500353096, "0.00037426547500353096")]
    [InlineData(2.4897e-05, "2.4897e-05")]
    [InlineData(1e23, "1e+23")]
    [InlineData(1e-7, "1e-07")]
    [InlineData(1e100, "1e+100")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Shortest_form(double value, string expected) => Assert.Equal(expected, GoNumber.Shortest(value));

    [Fact]
    public void Shortest_form_reads_back_as_the_same_number()
    {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(GoNumber.Shortest(value), System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    [Theory]
    [InlineData(0, "2026-11-20 13:39:30 +0000 UTC")]
    [InlineData(644_785, "2026-11-20 13:39:30.0644785 +0000 UTC")]
    [InlineData(2_270_000, "2026-11-20 13:39:30.227 +0000 UTC")]
    public void Time_drops_zeros_behind_the_point(long ticks, string expected) =>
        Assert.Equal(expected, GoNumber.Time(new DateTimeOffset(2026, 11, 20, 13, 39, 30, TimeSpan.Zero).AddTicks(ticks)));
}
