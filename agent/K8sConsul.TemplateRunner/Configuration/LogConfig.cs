namespace K8sConsul.TemplateRunner.Configuration;

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
