using K8sConsul.Logging;

namespace K8sConsul.Agent.Configuration;

/// <summary>
/// A running agent, as the <c>agent</c> command drives it: start, reloads, at most one leave, shutdown. All calls come one
/// after another, except that a shutdown may come while a leave is under way.
/// </summary>
public interface IAgentProcess
{
    /// <summary>Known before the start: the banner shows it.</summary>
    string NodeId { get; }

    /// <summary>
    /// Ends when the agent is to stop for a reason of its own: it left on a request through the API
    /// (<see cref="AgentEnd.Left"/>), or it gave up (<see cref="AgentEnd.Failed"/>, after having logged why).
    /// It never fails.
    /// </summary>
    Task<AgentEnd> Completed { get; }

    /// <summary>Ends when everything listens. A cancelled start leaves nothing listening.</summary>
    /// <exception cref="AgentFailedException">The reason in Consul's words; the log shows it.</exception>
    Task StartAsync(CancellationToken stop);

    /// <summary>Takes over what may change while running.</summary>
    /// <exception cref="AgentFailedException">The old configuration stays.</exception>
    Task ReloadAsync(ReloadPlan plan, CancellationToken stop);

    /// <summary>Tells the cluster good-bye, and ends when it has heard.</summary>
    /// <exception cref="AgentFailedException">The cluster may take this agent for failed.</exception>
    Task LeaveAsync();

    /// <summary>Stops everything, started or not, and ends when nothing runs any more.</summary>
    Task ShutdownAsync();

    /// <summary>The metrics of the last interval as text, for SIGUSR1.</summary>
    string DescribeMetrics();
}

/// <summary>Makes agents: what an agent consists of is not the command line's business.</summary>
public interface IAgentProcessFactory
{
    /// <summary>Builds an agent that does nothing yet, but has its node ID.</summary>
    /// <param name="setup">What it is to run with.</param>
    /// <param name="process">Null when refused.</param>
    /// <param name="error">In Consul's words, such as <c>failed to setup node ID: …</c>; empty when accepted.</param>
    bool TryCreate(AgentSetup setup, out IAgentProcess? process, out string error);
}

/// <summary>What an agent is made with.</summary>
/// <remarks>The reload serves <c>PUT /v1/agent/reload</c>: it does the same as SIGHUP, and gives null or what is wrong.</remarks>
public sealed record AgentSetup(
    RuntimeConfig Config, LogHub Log, TimeProvider Time, Func<CancellationToken, Task<string?>> RequestReload);

public enum AgentEnd
{
    /// <summary>Exit code 0.</summary>
    Left,

    /// <summary>Exit code 1.</summary>
    Failed,
}

/// <summary>An agent could not do what it was told.</summary>
public sealed class AgentFailedException : Exception
{
    public AgentFailedException(string message)
        : base(message)
    {
    }

    public AgentFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
