using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>Makes the agent that the command line runs.</summary>
public sealed class ConsulAgentFactory : IAgentProcessFactory
{
    public bool TryCreate(AgentSetup setup, out IAgentProcess? process, out string error)
    {
        try
        {
            process = new ConsulAgent(setup);
            error = string.Empty;
            return true;
        }
        catch (AgentFailedException refused)
        {
            process = null;
            error = refused.Message;
            return false;
        }
    }
}
