namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Everything a run needs, with defaults filled in and checked. Made by <see cref="ConfigReader"/>.</summary>
public sealed record RunnerConfig
{
    public ConsulConfig Consul { get; init; } = new();

    public IReadOnlyList<TemplateConfig> Templates { get; init; } = [];

    public ExecConfig Exec { get; init; } = new();

    public DeduplicateConfig Deduplicate { get; init; } = new();

    public LogConfig Log { get; init; } = new();

    /// <summary>Of templates that have none of their own.</summary>
    public WaitConfig Wait { get; init; } = WaitConfig.Off;

    /// <summary><c>max_stale</c>: how old an answer of a follower may be; zero asks the leader only. 2 s.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>block_query_wait</c>: how long a blocking query may wait. 60 s. Longer means fewer requests; proxies may not stand it.</summary>
    public TimeSpan BlockQueryWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>err_on_failed_lookup</c>: an absent key ends the run instead of being waited for.</summary>
    public bool FailOnAbsentKey { get; init; }

    /// <summary>The signal that stops the runner, besides SIGTERM. SIGINT.</summary>
    public int KillSignal { get; init; } = SignalNames.Interrupt;

    /// <summary>The signal to read the configuration again; SIGHUP.</summary>
    public int ReloadSignal { get; init; } = SignalNames.Hangup;

    /// <summary><c>http.address</c>: where <c>/health</c> and <c>/metrics</c> are answered, as <c>host:port</c>. Empty for nowhere.</summary>
    public string HttpAddress { get; init; } = string.Empty;

    /// <summary>Empty for none.</summary>
    public string PidFile { get; init; } = string.Empty;

    public bool Once { get; init; }

    public bool Dry { get; init; }

    public bool ParseOnly { get; init; }

    /// <summary>Vault was configured: a template that uses it is told clearly that it is not supported.</summary>
    public bool HasVault { get; init; }
}
