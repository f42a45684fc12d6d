using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Linearisable reads: ask for the read index, wait until it is applied here, then read the own state.</summary>
public sealed partial class RaftHost
{
    private readonly Dictionary<ulong, TaskCompletionSource<ulong>> _reads = [];
    private readonly PriorityQueue<TaskCompletionSource, ulong> _waitsForIndex = new();
    private ulong _nextRead;
    private ulong _woken;

    /// <summary>
    /// Returns when the state that readers see here holds everything that was acknowledged anywhere before the call.
    /// </summary>
    /// <exception cref="ConsensusException">There is no leader, or leadership moved on the way: try again.</exception>
    public async ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        _metrics.VerifyLeader.Increment();
        TaskCompletionSource<ulong> read;
        ulong context;
        lock (_gate)
        {
            context = ++_nextRead;
            read = new TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously);
            _reads.Add(context, read);
        }

        RaftInput input = RaftInput.Call(node =>
        {
            Refusal refusal = node.RequestReadIndex(context);
            if (refusal != Refusal.None)
            {
                AnswerRead(new ReadState(context, default, refusal));
            }
        });
        if (!_inputs.Writer.TryWrite(input))
        {
            AnswerRead(new ReadState(context, default, Refusal.QueueFull));
        }

        ulong index = await read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await WaitAppliedAsync(index, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns when readers here see the entry at <paramref name="index"/>.</summary>
    public async ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken)
    {
        if (AppliedIndex >= index)
        {
            return;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_woken >= index)
            {
                return;
            }

            _waitsForIndex.Enqueue(reached, index);
        }

        await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void AnswerRead(in ReadState state)
    {
        TaskCompletionSource<ulong>? read;
        lock (_gate)
        {
            if (!_reads.Remove(state.Context, out read))
            {
                return;
            }
        }

        if (state.Refusal == Refusal.None)
        {
            read.TrySetResult(state.Index.Value);
        }
        else
        {
            read.TrySetException(ConsensusException.Of(state.Refusal switch
            {
                Refusal.NoLeader => ConsensusFailure.NoLeader,
                Refusal.QueueFull => ConsensusFailure.Overloaded,
                _ => ConsensusFailure.NotLeader,
            }));
        }
    }

    /// <summary>The gate closes the race between a reader that finds the index not reached and the applier that reaches it.</summary>
    private void WakeReads(ulong applied)
    {
        List<TaskCompletionSource>? reached = null;
        lock (_gate)
        {
            _woken = applied;
            while (_waitsForIndex.TryPeek(out TaskCompletionSource? wait, out ulong index) && index <= applied)
            {
                _waitsForIndex.Dequeue();
                (reached ??= []).Add(wait);
            }
        }

        reached?.ForEach(static wait => wait.TrySetResult());
    }

    private void FailReads()
    {
        List<TaskCompletionSource<ulong>> reads;
        List<TaskCompletionSource> waits = [];
        lock (_gate)
        {
            reads = [.. _reads.Values];
            _reads.Clear();
            while (_waitsForIndex.TryDequeue(out TaskCompletionSource? wait, out _))
            {
                waits.Add(wait);
            }
        }

        reads.ForEach(static read => read.TrySetException(ConsensusException.Of(ConsensusFailure.Stopping)));
        waits.ForEach(static wait => wait.TrySetException(ConsensusException.Of(ConsensusFailure.Stopping)));
    }
}
