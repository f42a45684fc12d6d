namespace K8sConsul.Agent.Membership;

/// <summary>An operation of a gossip pool failed or was refused. The message is the text that Consul shows.</summary>
public class GossipException : Exception
{
    public GossipException(string message)
        : base(message)
    {
    }

    public GossipException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A pool cannot start: <c>listen tcp 127.0.0.1:8301: bind: address already in use</c> and the like.</summary>
public class GossipStartException : GossipException
{
    public GossipStartException(string message)
        : base(message)
    {
    }

    public GossipStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The keyring's file or the configured key cannot be used.</summary>
public sealed class KeyringException : GossipStartException
{
    public KeyringException(string message)
        : base(message)
    {
    }

    public KeyringException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
