namespace K8sConsul.Raft;

/// <summary>The numbers are on disk and on the wire, and are those of Consul's <c>Suffrage</c>.</summary>
public enum Suffrage : byte
{
    Voter = 0,

    /// <summary>Receives the log; counts for no quorum, is never a candidate.</summary>
    Nonvoter = 1,
}

/// <summary>A member of the configuration.</summary>
/// <param name="Id">Unique in a configuration.</param>
/// <param name="Address">"host:port", unique in a configuration. The transport may know a newer one.</param>
/// <param name="Suffrage">Whether it counts.</param>
public sealed record RaftServer(ServerId Id, string Address, Suffrage Suffrage = Suffrage.Voter)
{
    public bool IsVoter => Suffrage == Suffrage.Voter;
}
