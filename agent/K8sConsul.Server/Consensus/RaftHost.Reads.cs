using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Linearisable reads: ask for the read index, wait until it is applied here, then read the own state.</summary>
public sealed partial class RaftHost
{
    private readonly Dictionary<ulong, TaskCompletionSource<ulong>> _reads = [];
    private readonly PriorityQueue<TaskCompletionSource, ulong> _waitsForIndex = new();
    private ulong _nextRead;
    private ulong _woken;
    private bool _readsEnded;

    /// <summary>
    /// Returns when the state that readers see here holds everything that was acknowledged anywhere before the call.
    /// </summary>
    /// <param name="mode">What the leader may rely on: its lease, where <see cref="RaftOptions.ReadMode"/> allows that, or only a quorum.</param>
    /// <exception cref="ConsensusException">There is no leader, or leadership moved on the way: try again.</exception>
    public async ValueTask ReadBarrierAsync(ReadMode mode, CancellationToken cancellationToken)
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

        PendingCall asking = PendingCall.Of(
            node =>
            {
                Refusal refusal = node.RequestReadIndex(context, mode);
                if (refusal != Refusal.None)
                {
                    FailRead(context, OfRefusal(refusal));
                }

                return true;
            },
            out _);
        if (!_inputs.Writer.TryWrite(RaftInput.Call(asking)))
        {
            FailRead(context, WhyNotTaken);
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

            if (_readsEnded)
            {
                throw ConsensusException.Of(ConsensusFailure.Stopping);
            }

            _waitsForIndex.Enqueue(reached, index);
        }

        await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void AnswerRead(in ReadState state)
    {
        if (state.Refusal != Refusal.None)
        {
            FailRead(state.Context, OfRefusal(state.Refusal));
        }
        else if (TakeRead(state.Context) is { } read)
        {
            read.TrySetResult(state.Index.Value);
        }
    }

    private void FailRead(ulong context, ConsensusFailure failure) => TakeRead(context)?.TrySetException(ConsensusException.Of(failure));

    private TaskCompletionSource<ulong>? TakeRead(ulong context)
    {
        lock (_gate)
        {
            return _reads.Remove(context, out TaskCompletionSource<ulong>? read) ? read : null;
        }
    }

    private static ConsensusFailure OfRefusal(Refusal refusal) => refusal switch
    {
        Refusal.NoLeader => ConsensusFailure.NoLeader,
        Refusal.QueueFull => ConsensusFailure.Overloaded,
        _ => ConsensusFailure.NotLeader,
    };

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
            _readsEnded = true;
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
