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

    /// <summary>Empty for none.</summary>
    public string PidFile { get; init; } = string.Empty;

    public bool Once { get; init; }

    public bool Dry { get; init; }

    public bool ParseOnly { get; init; }

    /// <summary>Vault was configured: a template that uses it is told clearly that it is not supported.</summary>
    public bool HasVault { get; init; }
}

/// <summary>How Consul is reached.</summary>
public sealed record ConsulConfig
{
    /// <summary>Empty for the agent on this host.</summary>
    public string Address { get; init; } = string.Empty;

    public string Namespace { get; init; } = string.Empty;

    public Secret Token { get; init; } = Secret.None;

    public string TokenFile { get; init; } = string.Empty;

    /// <summary><c>user</c> or <c>user:password</c>; empty for none.</summary>
    public Secret Auth { get; init; } = Secret.None;

    public RetryConfig Retry { get; init; } = new();

    public SslConfig Ssl { get; init; } = new();

    public TransportConfig Transport { get; init; } = new();
}

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

public sealed record SslConfig
{
    public bool Enabled { get; init; }

    public bool Verify { get; init; } = true;

    public string Cert { get; init; } = string.Empty;

    public string Key { get; init; } = string.Empty;

    public string CaCert { get; init; } = string.Empty;

    /// <summary>The authorities' PEM text itself.</summary>
    public string CaCertBytes { get; init; } = string.Empty;

    public string CaPath { get; init; } = string.Empty;

    public string ServerName { get; init; } = string.Empty;
}

/// <summary>Limits of connections, under consul-template's names.</summary>
public sealed record TransportConfig
{
    public TimeSpan DialKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool DisableKeepAlives { get; init; }

    public TimeSpan IdleConnTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxIdleConns { get; init; }

    public int MaxIdleConnsPerHost { get; init; } = 100;

    public int MaxConnsPerHost { get; init; }

    public TimeSpan TlsHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>One template and what becomes of its text.</summary>
public sealed record TemplateConfig
{
    /// <summary>The file; empty when <see cref="Contents"/> has the text.</summary>
    public string Source { get; init; } = string.Empty;

    public string Contents { get; init; } = string.Empty;

    /// <summary>Empty only for a dry run.</summary>
    public string Destination { get; init; } = string.Empty;

    public bool CreateDestDirs { get; init; } = true;

    /// <summary>Run after a change; no command for none.</summary>
    public ExecConfig Exec { get; init; } = new();

    /// <summary><see cref="UnixFileMode.None"/> keeps the file's mode; a new one then gets 0644.</summary>
    public UnixFileMode Perms { get; init; }

    /// <summary>Name or number; empty keeps the owner.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Name or number; empty keeps the group.</summary>
    public string Group { get; init; } = string.Empty;

    public bool Backup { get; init; }

    /// <summary>Null for the global one.</summary>
    public WaitConfig? Wait { get; init; }

    public string LeftDelimiter { get; init; } = "{{";

    public string RightDelimiter { get; init; } = "}}";

    public bool ErrorOnMissingKey { get; init; }

    public bool ErrorFatal { get; init; } = true;

    public IReadOnlyList<string> FunctionDenylist { get; init; } = [];

    public string SandboxPath { get; init; } = string.Empty;

    /// <summary>As errors show it: <c>"source" => "destination"</c>.</summary>
    public string Display => $"\"{(Contents.Length > 0 ? "(dynamic)" : Source)}\" => \"{Destination}\"";
}

/// <summary>Quiescence: how long changes must have ended before they are rendered.</summary>
/// <param name="Enabled">Off renders at once.</param>
/// <param name="Min">Since the last change. Longer means fewer renders in a storm of changes, and later ones.</param>
/// <param name="Max">Since the first change: then it is rendered although changes go on.</param>
public sealed record WaitConfig(bool Enabled, TimeSpan Min, TimeSpan Max)
{
    public static WaitConfig Off { get; } = new(Enabled: false, TimeSpan.Zero, TimeSpan.Zero);
}

/// <summary>A program: the child that is kept an eye on, or a template's command.</summary>
public sealed record ExecConfig
{
    public bool Enabled { get; init; }

    /// <summary>One word or several: started as they are. One string with blanks: given to a shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public EnvConfig Env { get; init; } = new();

    public int KillSignal { get; init; } = SignalNames.Interrupt;

    public TimeSpan KillTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><see cref="SignalNames.None"/> restarts the child instead.</summary>
    public int ReloadSignal { get; init; } = SignalNames.None;

    /// <summary>A stop waits a random time up to this, so that not all instances stop at once.</summary>
    public TimeSpan Splay { get; init; }

    /// <summary>Zero for no limit. Commands of templates have 30 s.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <summary>What a program sees of our environment.</summary>
public sealed record EnvConfig
{
    public bool Pristine { get; init; }

    /// <summary><c>NAME=value</c>, added last.</summary>
    public IReadOnlyList<string> Custom { get; init; } = [];

    /// <summary>Globs; empty lets all through.</summary>
    public IReadOnlyList<string> Allowlist { get; init; } = [];

    /// <summary>Globs.</summary>
    public IReadOnlyList<string> Denylist { get; init; } = [];
}

public sealed record DeduplicateConfig
{
    public bool Enabled { get; init; }

    public string Prefix { get; init; } = "consul-template/dedup/";

    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan MaxStale { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan BlockQueryWait { get; init; } = TimeSpan.FromSeconds(60);
}

public sealed record LogConfig
{
    /// <summary>TRACE, DEBUG, INFO, WARN or ERR.</summary>
    public string Level { get; init; } = "WARN";

    public string FilePath { get; init; } = string.Empty;

    public int RotateBytes { get; init; }

    public TimeSpan RotateDuration { get; init; } = TimeSpan.FromHours(24);

    /// <summary>0 keeps all, -1 none.</summary>
    public int RotateMaxFiles { get; init; }

    public bool Syslog { get; init; }

    public string SyslogFacility { get; init; } = "LOCAL0";

    public string SyslogName { get; init; } = "consul-template";
}
