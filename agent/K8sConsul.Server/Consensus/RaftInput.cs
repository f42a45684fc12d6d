using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Something that the Raft loop has to deliver to the core, or with no subject a reason to look around.</summary>
internal readonly record struct RaftInput(object? Subject)
{
    public static RaftInput Wake => default;

    public static RaftInput Message(RaftMessage message) => new(message);

    public static RaftInput ConnectionLost(ServerId peer) => new(peer);

    public static RaftInput Propose(PendingProposal proposal) => new(proposal);

    public static RaftInput Call(PendingCall call) => new(call);
}
