using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>A call of the core on its way to the loop. It is run or failed, whatever becomes of the loop.</summary>
internal sealed class PendingCall
{
    private readonly Action<RaftNode> _run;
    private readonly Action<ConsensusFailure> _fail;

    private PendingCall(Action<RaftNode> run, Action<ConsensusFailure> fail)
    {
        _run = run;
        _fail = fail;
    }

    public static PendingCall Of<T>(Func<RaftNode, T> call, out Task<T> answer)
    {
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        answer = source.Task;
        return new PendingCall(node => source.TrySetResult(call(node)), failure => source.TrySetException(ConsensusException.Of(failure)));
    }

    public void Run(RaftNode node)
    {
        try
        {
            _run(node);
        }
        catch
        {
            // A broken invariant: the loop ends with it, and the caller must not wait for an answer.
            Fail(ConsensusFailure.Stopping);
            throw;
        }
    }

    public void Fail(ConsensusFailure failure) => _fail(failure);
}
