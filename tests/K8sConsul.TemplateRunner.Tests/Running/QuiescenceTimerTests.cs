using K8sConsul.TemplateRunner.Running;

namespace K8sConsul.TemplateRunner.Tests.Running;

public sealed class QuiescenceTimerTests
{
    /// <summary>Minimum 5, maximum 12: ticks at these seconds, and when it then fires.</summary>
    [Theory]
    [InlineData("0", 5)]
    [InlineData("0 1", 6)]
    [InlineData("0 4 8", 12)]
    [InlineData("0 4 8 11", 12)]
    [InlineData("3 7", 12)]
    [InlineData("3 7 10", 15)]
    public void Ticks_put_the_firing_off_but_not_beyond_the_maximum(string ticks, int fires)
    {
        var timer = new QuiescenceTimer(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(12));
        Assert.False(timer.TakeFiring(TimeSpan.FromSeconds(100)));
        foreach (string tick in ticks.Split(' '))
        {
            timer.Tick(TimeSpan.FromSeconds(int.Parse(tick)));
        }

        Assert.Equal(TimeSpan.FromSeconds(fires), timer.FireAt);
        Assert.False(timer.TakeFiring(TimeSpan.FromSeconds(fires) - TimeSpan.FromTicks(1)));
        Assert.True(timer.TakeFiring(TimeSpan.FromSeconds(fires)));
        Assert.False(timer.TakeFiring(TimeSpan.FromSeconds(fires)));
        Assert.Null(timer.FireAt);
    }

    [Fact]
    public void Each_firing_is_followed_by_a_new_deadline()
    {
        var timer = new QuiescenceTimer(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
        timer.Tick(TimeSpan.Zero);
        timer.Tick(TimeSpan.FromSeconds(4));
        Assert.True(timer.TakeFiring(TimeSpan.FromSeconds(6)));
        timer.Tick(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(12), timer.FireAt);
    }
}
