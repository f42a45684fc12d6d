namespace K8sConsul.Agent.Process;

/// <summary>The agent cannot start; the message is Consul's, for the operator.</summary>
public sealed class AgentStartException : Exception
{
    public AgentStartException(string message)
        : base(message)
    {
    }

    public AgentStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
