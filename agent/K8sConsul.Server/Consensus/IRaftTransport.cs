using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Carries Raft messages to other peers. Losing, delaying and reordering them is allowed; blocking is not.</summary>
public interface IRaftTransport
{
    /// <summary>Hands messages over; those for unreachable peers are dropped, and Raft sends again in its own time.</summary>
    void Send(IReadOnlyList<RaftMessage> messages);

    /// <summary>The members to keep connections to.</summary>
    void Configure(RaftConfiguration configuration);
}
