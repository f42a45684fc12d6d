namespace K8sConsul.Agent.Local;

/// <summary>What the agent allows those who register.</summary>
public sealed record RegistryOptions
{
    /// <summary><c>enable_script_checks</c>: scripts from files and from the API. Default false.</summary>
    public bool EnableScriptChecks { get; init; }

    /// <summary><c>enable_local_script_checks</c>: scripts from files. Default false.</summary>
    public bool EnableLocalScriptChecks { get; init; }

    /// <summary>Shorter <c>deregister_critical_service_after</c> values are raised to this. Default 1 min.</summary>
    public TimeSpan DeregisterIntervalMin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often critical services are looked for. Default 30 s.</summary>
    public TimeSpan ReapInterval { get; init; } = TimeSpan.FromSeconds(30);
}
