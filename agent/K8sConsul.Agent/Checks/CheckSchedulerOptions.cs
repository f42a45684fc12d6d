namespace K8sConsul.Agent.Checks;

/// <summary>Limits of the scheduler.</summary>
public sealed record CheckSchedulerOptions
{
    /// <summary><c>check_output_max_size</c>: bytes of output kept of a check that says nothing else. Default 4096.</summary>
    public int OutputMaxSize { get; init; } = 4096;

    /// <summary>
    /// Runs of one network kind at once; further ones wait their turn. Default 4096: a run is a socket and a few hundred
    /// bytes, and targets that hang must not starve the others.
    /// </summary>
    public int NetworkRunsMax { get; init; } = 4096;

    /// <summary>Scripts at once. Default 64: each is a process.</summary>
    public int ScriptRunsMax { get; init; } = 64;
}
