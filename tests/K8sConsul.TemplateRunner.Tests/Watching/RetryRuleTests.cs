using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Watching;

namespace K8sConsul.TemplateRunner.Tests.Watching;

public sealed class RetryRuleTests
{
    [Theory]
    [InlineData(12, 250, 60, 0, 250)]
    [InlineData(12, 250, 60, 1, 500)]
    [InlineData(12, 250, 60, 7, 32000)]
    [InlineData(12, 250, 60, 8, 60000)]
    [InlineData(12, 250, 60, 11, 60000)]
    [InlineData(12, 250, 60, 12, null)]
    [InlineData(0, 250, 60, 100000, 60000)]
    [InlineData(0, 1, 0, 100000, 86400000)]
    [InlineData(1, 5, 60, 1, null)]
    public void The_pause_doubles_up_to_its_limit(int attempts, int backoffMs, int maxSeconds, int failures, int? pauseMs)
    {
        var config = new RetryConfig { Attempts = attempts, Backoff = TimeSpan.FromMilliseconds(backoffMs), MaxBackoff = TimeSpan.FromSeconds(maxSeconds) };
        Assert.Equal(pauseMs, (int?)RetryRule.Next(config, failures)?.TotalMilliseconds);
    }

    [Fact]
    public void Nothing_is_repeated_when_it_is_off()
    {
        Assert.Null(RetryRule.Next(new RetryConfig { Enabled = false, Attempts = 0 }, 0));
    }
}
