namespace K8sConsul.Raft;

public enum TraceLevel
{
    /// <summary>Per message.</summary>
    Debug,

    /// <summary>State changes, each with its reason.</summary>
    Information,

    /// <summary>Something an operator may want to look into.</summary>
    Warning,
}

/// <summary>
/// Where the core's log lines go: the one outside thing it holds. Lines are part of the transcript tests. The host maps
/// them to its logger; they contain no payloads.
/// </summary>
public interface IRaftTrace
{
    bool IsEnabled(TraceLevel level);

    void Write(TraceLevel level, string line);
}

internal sealed class NoTrace : IRaftTrace
{
    public static NoTrace Instance { get; } = new();

    public bool IsEnabled(TraceLevel level) => false;

    public void Write(TraceLevel level, string line)
    {
    }
}
