using System.Collections.Concurrent;
using K8sConsul.Raft;
using K8sConsul.Storage;

namespace K8sConsul.Server.Consensus;

/// <summary>The one task that owns the core: it delivers what waits, takes what is to be done, and has it done.</summary>
public sealed partial class RaftHost
{
    /// <summary>Inputs that are delivered before the core is asked for work: a stream without end must not keep it from working.</summary>
    private const int InputsPerRound = 4096;

    /// <summary>
    /// Answers to what the core itself asked for. They are as many as its questions, and unlike other inputs none may be lost,
    /// or the core would wait for ever.
    /// </summary>
    private readonly ConcurrentQueue<PendingCall> _reports = new();

    /// <summary>Number of the newest Ready whose save is durable.</summary>
    private ulong _saved;
    private ulong _savedTold;
    private ulong _appliedTold;

    private long _started;
    private long _ticks;

    /// <summary>The commit index, published before any message that tells it to others has left.</summary>
    private ulong _committed;

    /// <summary>Until then nobody else can lead; see <see cref="HoldsLease"/>.</summary>
    private long _leaseEnd;

    private void MakeNode(RaftInitialState initial)
    {
        _node = new RaftNode(_options.Raft, _options.Self, initial, _storage.Log, new LoggerTrace(_logger));
        _appliedTold = AppliedIndex;
        _transport.Configure(_node.Configuration);
        _view = _view with { Configuration = _node.Configuration };
    }

    private async Task RunLoopAsync()
    {
        try
        {
            ElectAtOnceWhenAlone();
            do
            {
                for (int i = 0; i < InputsPerRound && _inputs.Reader.TryRead(out RaftInput input); i++)
                {
                    Deliver(input);
                }

                DeliverReports();

                // After the inputs: whatever read was delivered came before this look at the clock, and so is answered under
                // a lease only if that still ran when the read was asked for.
                DeliverTicks();
                if (_bootstrap is not null)
                {
                    await BootstrapAsync().ConfigureAwait(false);
                }

                while (_node.TryTakeReady(out Ready? ready))
                {
                    CarryOut(ready);
                }

                PublishLease();
            }
            while (await _inputs.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping was asked for.
        }
        catch (Exception failure)
        {
            LogStopped(failure);
            throw;
        }
        finally
        {
            _hasEnded = true;
            Volatile.Write(ref _leaseEnd, 0);
            _inputs.Writer.TryComplete();
            _applyWork.Writer.TryComplete();
            FailAll();
        }
    }

    private void Deliver(in RaftInput input)
    {
        switch (input.Subject)
        {
            case null:
                break;
            case RaftMessage message:
                long arrived = _time.GetTimestamp();
                _node.Step(message);
                _metrics.Receive(message)?.Since(arrived);
                if (message.From == _node.Leader)
                {
                    Volatile.Write(ref _lastLeaderContact, _time.GetTimestamp());
                }

                break;
            case ServerId peer:
                _node.ConnectionLost(peer);
                break;
            case PendingProposal proposal:
                Place(proposal);
                break;
            case PendingCall call:
                call.Run(_node);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void DeliverReports()
    {
        ulong saved = Volatile.Read(ref _saved);
        if (saved > _savedTold)
        {
            _savedTold = saved;
            _node.Saved(saved);
        }

        ulong applied = AppliedIndex;
        if (applied > _appliedTold)
        {
            _appliedTold = applied;
            _node.Applied(new LogIndex(applied));
        }

        while (_reports.TryDequeue(out PendingCall? report))
        {
            report.Run(_node);
        }
    }

    /// <summary>
    /// Logical time follows the clock and not the number of wake-ups. A leader that was stopped for a while counts all of it,
    /// for its lease depends on that. A follower counts less: first it should hear what waited for it meanwhile.
    /// </summary>
    private void DeliverTicks()
    {
        long due = (long)(_time.GetElapsedTime(_started) / _options.Tick) - _ticks;
        long first = _ticks;
        _ticks += due;
        for (long i = 0; i < due && (_node.Role == RaftRole.Leader || i < _options.Raft.HeartbeatTimeoutTicks / 2); i++)
        {
            _node.Tick();
        }

        if (first / _options.Raft.HeartbeatIntervalTicks != _ticks / _options.Raft.HeartbeatIntervalTicks)
        {
            ObserveFollowers();
        }
    }

    /// <summary>On a leader, once per heartbeat interval: how long each follower has been silent.</summary>
    private void ObserveFollowers()
    {
        if (_node.Role != RaftRole.Leader)
        {
            return;
        }

        foreach (PeerStatus peer in _node.Peers())
        {
            _metrics.LastContact.Took(_options.Tick * peer.LastContactTicks);
        }
    }

    private void PublishLease()
    {
        long left = _node.LeaseTicksLeft();
        long ticksToEnd = left == 0 ? 0 : Math.Min(left, int.MaxValue) + _ticks;
        long end = ticksToEnd == 0 ? 0 : _started + (long)((ticksToEnd * _options.Tick).TotalSeconds * _time.TimestampFrequency);
        Volatile.Write(ref _leaseEnd, end);
    }

    /// <summary>Gives the core an answer that it waits for.</summary>
    private void Report(Action<RaftNode> report) => _ = ReportAsync(report);

    private Task ReportAsync(Action<RaftNode> report)
    {
        PendingCall call = PendingCall.Of(
            node =>
            {
                report(node);
                return true;
            },
            out Task<bool> answer);
        _reports.Enqueue(call);
        Wake();
        if (_hasEnded)
        {
            // The loop may have failed what waited before this came.
            call.Fail(ConsensusFailure.Stopping);
        }

        return answer;
    }

    /// <summary>When there is no room the loop is awake and will look.</summary>
    private void Wake() => _inputs.Writer.TryWrite(RaftInput.Wake);

    private void Place(PendingProposal proposal)
    {
        ProposeResult placed = _node.Propose(proposal.Data);
        if (placed.IsAccepted)
        {
            proposal.Place = placed.First;
            proposal.PlacedAt = _time.GetTimestamp();
            _placed.Enqueue(proposal);
            return;
        }

        proposal.Fail(placed.Refusal switch
        {
            Refusal.NotLeader or Refusal.Transferring => ConsensusFailure.NotLeader,
            Refusal.NoLeader => ConsensusFailure.NoLeader,
            _ => ConsensusFailure.Overloaded,
        });
    }

    /// <summary>Carries out one Ready: save and what waits for it, send, apply, answer reads, publish the view.</summary>
    private void CarryOut(Ready ready)
    {
        Volatile.Write(ref _committed, _node.CommitIndex.Value);
        if (ready.NeedsSave)
        {
            Save(ready);
        }

        if (ready.Messages.Count > 0)
        {
            _transport.Send(ready.Messages);
        }

        PublishView(ready);
        if (ready.Snapshot is { } snapshot)
        {
            _applyWork.Writer.TryWrite(new ApplyWork(snapshot, default, [], _time.GetTimestamp()));
        }

        if (ready.Transfer is { } transfer)
        {
            EndTransfer(transfer);
        }

        if (!ready.Committed.IsEmpty)
        {
            CompleteChanges(ready.Committed.Span);
            _applyWork.Writer.TryWrite(new ApplyWork(null, ready.Committed, TakePlaced(ready.Committed.Span), _time.GetTimestamp()));
        }

        foreach (ReadState read in ready.ReadStates)
        {
            AnswerRead(read);
        }

        CarryOutSnapshots(ready);
    }

    private void Save(Ready ready)
    {
        long started = _time.GetTimestamp();
        bool isDispatch = _node.Role == RaftRole.Leader && !ready.Entries.IsEmpty;
        Task durable = _storage.Log.AppendAsync(LogWrite.From(ready));
        Volatile.Write(ref _lastIndex, _node.LastEntry.Index.Value);
        if (isDispatch)
        {
            _metrics.DispatchNumLogs.Set(ready.Entries.Length);
        }

        if (durable.IsCompletedSuccessfully)
        {
            AfterSave(ready, started, isDispatch);
            _node.Saved(ready.Number);
        }
        else
        {
            _background.Own(AfterSaveAsync(durable, ready, started, isDispatch));
        }

        if (ready.CompactTo is { } entry)
        {
            _background.Own(WatchStorageAsync(CompactAsync(entry)));
        }
    }

    private async Task CompactAsync(EntryId entry)
    {
        long started = _time.GetTimestamp();
        await _storage.Log.CompactAsync(entry).ConfigureAwait(false);
        _metrics.CompactLogs.Since(started);
    }

    private async Task AfterSaveAsync(Task durable, Ready ready, long started, bool isDispatch)
    {
        try
        {
            await durable.ConfigureAwait(false);
            AfterSave(ready, started, isDispatch);

            // "This and all before it", so that it does not matter in which order the ends of saves are seen.
            ulong seen = Volatile.Read(ref _saved);
            while (seen < ready.Number)
            {
                seen = Interlocked.CompareExchange(ref _saved, ready.Number, seen) is var was && was == seen ? ready.Number : was;
            }

            Wake();
        }
        catch (Exception failure)
        {
            Stop(failure);
        }
    }

    private void AfterSave(Ready ready, long started, bool isDispatch)
    {
        if (isDispatch)
        {
            _metrics.DispatchLog.Since(started);
        }

        if (ready.MessagesAfterSave.Count > 0)
        {
            _transport.Send(ready.MessagesAfterSave);
        }
    }

    private async Task WatchStorageAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Stop(failure);
        }
    }

    /// <summary>A disk that failed once is not trusted again: the loop ends with the reason.</summary>
    private void Stop(Exception failure)
    {
        _hasEnded = true;
        _inputs.Writer.TryComplete(failure);
    }

    /// <summary>Wakes the loop, which looks at the clock itself.</summary>
    private async Task TickLoopAsync()
    {
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                Wake();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }
}
