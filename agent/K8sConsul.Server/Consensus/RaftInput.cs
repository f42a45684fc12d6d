using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Something that the Raft loop has to deliver to the core. One of the members says what.</summary>
internal readonly record struct RaftInput(RaftInputKind Kind, object? Subject = null, ulong Number = 0)
{
    public static RaftInput Tick => new(RaftInputKind.Tick);

    public static RaftInput Message(RaftMessage message) => new(RaftInputKind.Message, message);

    public static RaftInput Propose(PendingProposal proposal) => new(RaftInputKind.Propose, proposal);

    public static RaftInput Call(Action<RaftNode> call) => new(RaftInputKind.Call, call);

    public static RaftInput Saved(ulong readyNumber) => new(RaftInputKind.Saved, Number: readyNumber);

    public static RaftInput Applied(ulong index) => new(RaftInputKind.Applied, Number: index);
}

internal enum RaftInputKind
{
    Tick,
    Message,
    Propose,
    Call,
    Saved,
    Applied,
}
