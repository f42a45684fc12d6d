using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>How watchers ask.</summary>
internal sealed record WatchSettings
{
    /// <summary>Between two updates of one watcher at least, so that a busy key does not keep the runner busy.</summary>
    public static readonly TimeSpan SpacingMin = TimeSpan.FromMilliseconds(100);

    /// <summary>The random part on top, so that watchers do not stay in step.</summary>
    public static readonly TimeSpan SpacingJitter = TimeSpan.FromMilliseconds(20);

    /// <summary>Zero asks the leader only.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.FromSeconds(2);

    public RetryConfig Retry { get; init; } = new();

    /// <summary>An absent key that is waited for ends the run.</summary>
    public bool FailOnAbsentKey { get; init; }

    /// <summary>0 up to 1; the random part of the spacing.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
