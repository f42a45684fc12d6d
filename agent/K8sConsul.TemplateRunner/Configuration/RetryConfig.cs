namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>When and how often a failed request is repeated.</summary>
public sealed record RetryConfig
{
    public bool Enabled { get; init; } = true;

    /// <summary>Repeats before the run is given up; 0 for ever. 12.</summary>
    public int Attempts { get; init; } = 12;

    /// <summary>Before the first repeat; doubled each time. 250 ms.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause; zero for no limit. 1 min.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);
}
