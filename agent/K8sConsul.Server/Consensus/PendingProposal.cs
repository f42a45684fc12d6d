using System.Threading.Tasks.Sources;
using K8sConsul.Raft;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Consensus;

/// <summary>What a proposal gave: where it stands in the log, and the command's result.</summary>
public readonly record struct ApplyOutcome(ulong Index, CommandResult Result);

/// <summary>
/// A command on its way through the log. The caller awaits it, the Raft loop gives it a place, the applier completes it.
/// </summary>
internal sealed class PendingProposal : IValueTaskSource<ApplyOutcome>
{
    private ManualResetValueTaskSourceCore<ApplyOutcome> _source = new() { RunContinuationsAsynchronously = true };

    private PendingProposal(ReadOnlyMemory<byte> data) => Data = data;

    /// <summary>The entry's data; empty for a barrier.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Set when the log accepted it.</summary>
    public EntryId Place { get; set; }

    /// <summary>When that was.</summary>
    public long PlacedAt { get; set; }

    public ValueTask<ApplyOutcome> Task => new(this, _source.Version);

    public static PendingProposal Of(StateCommand command) => new(command.Encode());

    /// <summary>An empty command: when it is applied, everything before it is.</summary>
    public static PendingProposal Barrier() => new(data: default);

    public void Complete(ApplyOutcome outcome) => _source.SetResult(outcome);

    public void Fail(ConsensusFailure failure) => _source.SetException(ConsensusException.Of(failure));

    ApplyOutcome IValueTaskSource<ApplyOutcome>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ApplyOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ApplyOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
