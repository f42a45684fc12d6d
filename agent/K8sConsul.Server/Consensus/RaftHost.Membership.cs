using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>Changes of the membership, and handing over leadership.</summary>
public sealed partial class RaftHost
{
    private readonly List<PendingChange> _changesUnderWay = [];
    private TaskCompletionSource<string?>? _transfer;

    public RaftConfiguration Configuration => _view.Configuration;

    /// <summary>Proposes a change of one server and waits until it is committed here.</summary>
    /// <exception cref="ConsensusException">Leadership was lost, or the change was refused.</exception>
    public async Task ChangeAsync(ConfigurationChange change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ProposeResult placed = await CallAsync(node =>
            {
                ProposeResult result = node.ProposeConfiguration(change);
                if (result.IsAccepted)
                {
                    _changesUnderWay.Add(new PendingChange(result.First, committed));
                }

                return result;
            }).ConfigureAwait(false);
            switch (placed.Refusal)
            {
                case Refusal.None:
                    await committed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                    return;
                case Refusal.ChangePending:
                    // One at a time: wait for the one before by waiting for everything before.
                    await BarrierAsync().ConfigureAwait(false);
                    break;
                case Refusal.NoLeader:
                    throw ConsensusException.Of(ConsensusFailure.NoLeader);
                case Refusal.NotLeader or Refusal.Transferring:
                    throw ConsensusException.Of(ConsensusFailure.NotLeader);
                default:
                    throw new ConsensusException(ConsensusFailure.Overloaded, placed.Detail ?? placed.Refusal.ToString());
            }
        }
    }

    /// <summary>Hands leadership to <paramref name="target"/>, or to the most advanced voter.</summary>
    /// <returns>Why it failed, or null.</returns>
    public async Task<string?> TransferLeadershipAsync(ServerId target, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ProposeResult result = await CallAsync(node =>
        {
            ProposeResult begun = node.TransferLeadership(target);
            if (begun.IsAccepted)
            {
                _transfer?.TrySetResult("another transfer was asked for");
                _transfer = ended;
            }

            return begun;
        }).ConfigureAwait(false);
        return result.IsAccepted
            ? await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
            : result.Detail ?? result.Refusal switch
            {
                Refusal.NotLeader or Refusal.NoLeader => "node is not the leader",
                Refusal.Transferring => "leadership transfer in progress",
                _ => result.Refusal.ToString(),
            };
    }

    private void CompleteChanges(ReadOnlySpan<RaftEntry> committed)
    {
        if (_changesUnderWay.Count == 0)
        {
            return;
        }

        foreach (RaftEntry entry in committed)
        {
            if (entry.Type == EntryType.Configuration && _changesUnderWay.FindIndex(c => c.Place == entry.Id) is int at and >= 0)
            {
                _changesUnderWay[at].Committed.TrySetResult();
                _changesUnderWay.RemoveAt(at);
            }
        }
    }

    private void FailChanges()
    {
        foreach (PendingChange change in _changesUnderWay)
        {
            change.Committed.TrySetException(ConsensusException.Of(ConsensusFailure.LeadershipLost));
        }

        _changesUnderWay.Clear();
    }

    private void EndTransfer(TransferOutcome outcome)
    {
        _transfer?.TrySetResult(outcome.Failure);
        _transfer = null;
    }

    private readonly record struct PendingChange(EntryId Place, TaskCompletionSource Committed);
}
