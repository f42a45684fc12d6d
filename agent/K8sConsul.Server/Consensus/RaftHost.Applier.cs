using System.Threading.Channels;
using K8sConsul.Raft;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Transactions;

namespace K8sConsul.Server.Consensus;

/// <summary>Applying: one task is the only writer of the state.</summary>
public sealed partial class RaftHost
{
    private readonly Channel<ApplyWork> _applyWork;
    private volatile AppliedPoint _applied = new(new StateStore().Current, default, RaftConfiguration.Empty, default, IsRestoring: false);

    /// <summary>Called for each key whose holder was invalidated; the leader keeps it from being acquired for a while.</summary>
    public Action<LockDelay>? OnLockDelay { get; set; }

    /// <summary>What readers can see, and where in the log that is.</summary>
    public AppliedPoint Applied => _applied;

    /// <summary>The index of the last entry that readers can see.</summary>
    public ulong AppliedIndex => _applied.Last.Index.Value;

    /// <summary>Takes the proposals that stand at the committed entries, in their order; the rest of the places stay null.</summary>
    private PendingProposal?[] TakePlaced(ReadOnlySpan<RaftEntry> committed)
    {
        if (_placed.Count == 0)
        {
            return [];
        }

        var proposals = new PendingProposal?[committed.Length];
        long now = _time.GetTimestamp();
        _metrics.CommitNumLogs.Set(committed.Length);
        for (int i = 0; i < committed.Length && _placed.Count > 0; i++)
        {
            // A proposal whose place now holds another leader's entry was failed when leadership was lost.
            if (_placed.Peek().Place == committed[i].Id)
            {
                PendingProposal proposal = _placed.Dequeue();
                _metrics.CommitTime.Between(proposal.PlacedAt, now);
                proposals[i] = proposal;
            }
        }

        return proposals;
    }

    private void FailPlaced(ConsensusFailure failure)
    {
        while (_placed.TryDequeue(out PendingProposal? proposal))
        {
            proposal.Fail(failure);
        }
    }

    /// <summary>The loop has ended: nobody waits for ever.</summary>
    private void FailAll()
    {
        FailPlaced(ConsensusFailure.LeadershipLost);
        FailChanges();
        EndTransfer(new TransferOutcome(default, ConsensusException.Of(ConsensusFailure.Stopping).Message));
        FailBootstrap();
        while (_inputs.Reader.TryRead(out RaftInput input))
        {
            switch (input.Subject)
            {
                case PendingProposal proposal:
                    proposal.Fail(ConsensusFailure.Stopping);
                    break;
                case PendingCall call:
                    call.Fail(ConsensusFailure.Stopping);
                    break;
                default:
                    break;
            }
        }

        while (_reports.TryDequeue(out PendingCall? report))
        {
            report.Fail(ConsensusFailure.Stopping);
        }

        FailReads();
    }

    private async Task ApplyLoopAsync()
    {
        try
        {
            await foreach (ApplyWork work in _applyWork.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                _metrics.Enqueue.Since(work.Enqueued);
                try
                {
                    if (work.Snapshot is { } snapshot)
                    {
                        LoadSnapshot(snapshot);
                    }
                    else
                    {
                        Apply(work);
                    }
                }
                catch
                {
                    FailWork(work);
                    throw;
                }

                Wake();
            }
        }
        catch (Exception failure)
        {
            Stop(failure);
            await foreach (ApplyWork work in _applyWork.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                FailWork(work);
            }

            throw;
        }
    }

    /// <summary>They are committed, but this server will not see them any more.</summary>
    private static void FailWork(in ApplyWork work)
    {
        foreach (PendingProposal? proposal in work.Proposals)
        {
            proposal?.Fail(ConsensusFailure.LeadershipLost);
        }
    }

    /// <summary>
    /// Applies a run of entries, lets readers see all of them at once, and only then answers who proposed them: whoever has
    /// an answer can read its own write.
    /// </summary>
    private void Apply(in ApplyWork work)
    {
        ReadOnlySpan<RaftEntry> entries = work.Entries.Span;
        AppliedPoint applied = _applied;
        var results = work.Proposals.Length == 0 ? [] : new CommandResult?[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            RaftEntry entry = entries[i];
            CommandResult? result = ApplyOne(entry);
            if (i < results.Length)
            {
                results[i] = result;
            }

            if (CommittedEntry.Configuration(entry) is { } configuration)
            {
                applied = applied with { Configuration = configuration, ConfigurationIndex = entry.Index };
            }
        }

        _store.Publish();
        _applied = applied with { State = _store.Current, Last = entries[^1].Id, IsRestoring = _store.IsRestoring };
        for (int i = 0; i < results.Length; i++)
        {
            work.Proposals[i]?.Complete(new ApplyOutcome(entries[i].Index.Value, results[i] ?? CommandResult.Done));
        }

        WakeReads(AppliedIndex);
    }

    private CommandResult? ApplyOne(RaftEntry entry)
    {
        ulong index = entry.Index.Value;

        // The leader too applies what it wrote and not what it meant: only then is every replica surely alike.
        if (CommittedEntry.Command(entry) is not { } command)
        {
            _store.Skip(index);
            return null;
        }

        long started = _time.GetTimestamp();
        CommandResult result = _store.Apply(index, command);
        long ended = _time.GetTimestamp();
        _metrics.FsmApply.Between(started, ended);
        _stateMachineMetrics.Of(command)?.Between(started, ended);
        foreach (LockDelay delay in result.LockDelays)
        {
            OnLockDelay?.Invoke(delay);
        }

        return result;
    }

    /// <summary>A snapshot to load, or entries to apply with the proposals that wait for them.</summary>
    private readonly record struct ApplyWork(SnapshotMeta? Snapshot, ReadOnlyMemory<RaftEntry> Entries, PendingProposal?[] Proposals, long Enqueued);
}

/// <summary>A version of the state, the entry it ends at and the members in force there: all that a snapshot holds.</summary>
/// <param name="IsRestoring">A restore is under way at this entry, so that no snapshot may end here: it would lack the pieces.</param>
public sealed record AppliedPoint(
    StateSnapshot State, EntryId Last, RaftConfiguration Configuration, LogIndex ConfigurationIndex, bool IsRestoring);
