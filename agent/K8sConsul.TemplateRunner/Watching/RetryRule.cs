using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>When a failed request is repeated: backoff · 2ⁿ, up to a longest pause and a number of times.</summary>
internal static class RetryRule
{
    /// <summary>Twice as many steps would overflow long before they were waited for.</summary>
    private const int DoublingsMax = 30;

    private static readonly TimeSpan PauseMax = TimeSpan.FromDays(1);

    /// <param name="config">The rule's numbers.</param>
    /// <param name="failures">In a row before this one.</param>
    /// <returns>The pause; null to give up.</returns>
    public static TimeSpan? Next(RetryConfig config, int failures)
    {
        if (!config.Enabled || (config.Attempts > 0 && failures >= config.Attempts))
        {
            return null;
        }

        TimeSpan longest = config.MaxBackoff > TimeSpan.Zero && config.MaxBackoff < PauseMax ? config.MaxBackoff : PauseMax;
        double pause = config.Backoff.TotalMilliseconds * Math.Pow(2, Math.Min(failures, DoublingsMax));
        return pause < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(pause) : longest;
    }
}
