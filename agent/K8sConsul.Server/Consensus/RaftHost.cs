using System.Threading.Channels;
using K8sConsul.Raft;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Consensus;

/// <summary>
/// The shell around <see cref="RaftNode"/>: one loop owns the core and delivers what arrives on one channel; saves run in
/// the storage, applying runs on a task of its own, and both report back through the same channel.
/// </summary>
/// <remarks>
/// Any thread may call any public member. A failed disk or a broken invariant ends the loop: see <see cref="Completed"/>.
/// </remarks>
public sealed partial class RaftHost : ICommandLog, IAsyncDisposable
{
    private readonly RaftHostOptions _options;
    private readonly RaftStorage _storage;
    private readonly IRaftTransport _transport;
    private readonly StateStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<RaftHost> _logger;
    private readonly RaftMetrics _metrics;
    private readonly StateMachineMetrics _stateMachineMetrics;
    private readonly Channel<RaftInput> _inputs;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<PendingProposal> _placed = new();
    private readonly Lock _gate = new();

    private RaftNode _node = null!;
    private (RaftConfiguration Configuration, TaskCompletionSource<bool> Done)? _bootstrap;
    private Task _loop = Task.CompletedTask;
    private Task _applier = Task.CompletedTask;
    private Task _ticker = Task.CompletedTask;
    private Task _snapshots = Task.CompletedTask;
    private volatile ConsensusView _view;
    private volatile bool _leaderSeen;
    private long _lastLeaderContact;
    private ulong _lastIndex;
    private long _ticks;
    private volatile TaskCompletionSource _nextView = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RaftHost(
        RaftHostOptions options,
        RaftStorage storage,
        StateStore store,
        IRaftTransport transport,
        TimeProvider time,
        ILogger<RaftHost> logger,
        ServerMetrics metrics)
    {
        _options = options;
        _storage = storage;
        _store = store;
        _transport = transport;
        _time = time;
        _logger = logger;
        _metrics = metrics.Raft;
        _stateMachineMetrics = metrics.StateMachine;
        metrics.Registry.Gauge("raft.applied_index", () => AppliedIndex);
        metrics.Registry.Gauge("raft.last_index", () => Volatile.Read(ref _lastIndex));
        _view = ConsensusView.Initial;
        _inputs = Channel.CreateBounded<RaftInput>(new BoundedChannelOptions(options.InputsMax) { SingleReader = true });
        _applyWork = Channel.CreateUnbounded<ApplyWork>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    }

    /// <summary>What the loop last published: role, leader, term and why. Never waits.</summary>
    public ConsensusView View => _view;

    /// <summary>Whether a leader was ever heard of: before that, even stale reads have nothing to go by.</summary>
    public bool HasKnownLeader => _leaderSeen;

    /// <summary>
    /// Leads, and has applied an entry of its own term: from then on its state holds everything that earlier leaders had
    /// acknowledged.
    /// </summary>
    public bool IsReadyLeader => _view is { IsLeader: true } view && _applied.Last.Term.Value == view.Term;

    /// <summary>How far this server is from its leader.</summary>
    public Api.Reading.ReadFreshness Freshness
    {
        get
        {
            ConsensusView view = _view;
            return view.IsLeader
                ? new Api.Reading.ReadFreshness(KnownLeader: true, TimeSpan.Zero)
                : new Api.Reading.ReadFreshness(!view.Leader.IsNone, _time.GetElapsedTime(Volatile.Read(ref _lastLeaderContact)));
        }
    }

    /// <summary>Completes when <see cref="View"/> changes next.</summary>
    public Task NextViewAsync() => _nextView.Task;

    /// <summary>Role changes in order, for the leader's duties. One reader.</summary>
    public ChannelReader<ConsensusView> Changes => _changes.Reader;

    /// <summary>Ends when the host was stopped, and fails with the reason when the peer had to stop itself.</summary>
    public Task Completed => _loop;

    private readonly Channel<ConsensusView> _changes = Channel.CreateUnbounded<ConsensusView>();

    /// <summary>Loads the last snapshot into the state, and begins to take part.</summary>
    public void Start()
    {
        RaftInitialState initial = _storage.InitialState();
        if (initial.Snapshot is { } snapshot)
        {
            LoadSnapshot(snapshot);
        }

        MakeNode(initial);
        _metrics.Began();
        _applier = Task.Run(ApplyLoopAsync);
        _loop = Task.Run(RunLoopAsync);
        _ticker = Task.Run(TickLoopAsync);
        _snapshots = Task.Run(SnapshotLoopAsync);
    }

    /// <summary>Delivers a message from a peer; dropped when too much is waiting.</summary>
    public void Deliver(RaftMessage message) => _inputs.Writer.TryWrite(RaftInput.Message(message));

    /// <summary>Proposes a command and waits until it is committed and applied here.</summary>
    /// <exception cref="ConsensusException">See <see cref="ConsensusFailure"/>.</exception>
    public ValueTask<ApplyOutcome> ApplyAsync(StateCommand command)
    {
        _metrics.Apply.Increment();
        return ProposeAsync(PendingProposal.Of(command));
    }

    /// <summary>Waits until everything proposed before is applied here. Leader only.</summary>
    /// <exception cref="ConsensusException">See <see cref="ConsensusFailure"/>.</exception>
    public async ValueTask BarrierAsync()
    {
        _metrics.Barrier.Increment();
        await ProposeAsync(PendingProposal.Barrier()).ConfigureAwait(false);
    }

    /// <summary>Calls the core within its loop and gives back what it said.</summary>
    public Task<T> CallAsync<T>(Func<RaftNode, T> call)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        RaftInput input = RaftInput.Call(node => answer.TrySetResult(call(node)));
        if (!_inputs.Writer.TryWrite(input))
        {
            answer.TrySetException(ConsensusException.Of(_stopping.IsCancellationRequested ? ConsensusFailure.Stopping : ConsensusFailure.Overloaded));
        }

        return answer.Task.WaitAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _inputs.Writer.TryComplete();
        await Task.WhenAll(
            _loop.ContinueWith(static _ => { }, TaskScheduler.Default),
            _ticker,
            _snapshots,
            _applier.ContinueWith(static _ => { }, TaskScheduler.Default)).ConfigureAwait(false);
        _changes.Writer.TryComplete();
        await _storage.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private ValueTask<ApplyOutcome> ProposeAsync(PendingProposal proposal)
    {
        if (!_inputs.Writer.TryWrite(RaftInput.Propose(proposal)))
        {
            proposal.Fail(_stopping.IsCancellationRequested ? ConsensusFailure.Stopping : ConsensusFailure.Overloaded);
        }

        return proposal.Task;
    }

    /// <summary>
    /// Writes the first configuration of a cluster, unless this server has ever been part of one. Servers that do so with the
    /// same members independently of each other form one cluster.
    /// </summary>
    /// <returns>False when there is a log, a snapshot or a term already.</returns>
    public async Task<bool> BootstrapAsync(RaftConfiguration configuration)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await CallAsync(_ =>
        {
            _bootstrap?.Done.TrySetResult(false);
            _bootstrap = (configuration, done);
            return true;
        }).ConfigureAwait(false);
        return await done.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
    }

    /// <summary>The core reads its log only when it is made, so a bootstrapped log gets a new one. Nothing can be under way in it.</summary>
    private async Task BootstrapAsync()
    {
        (RaftConfiguration configuration, TaskCompletionSource<bool> done) = _bootstrap!.Value;
        _bootstrap = null;
        bool written = _node.LastEntry.Index.Value == 0 && await _storage.BootstrapAsync(configuration).ConfigureAwait(false);
        if (written)
        {
            MakeNode(_storage.InitialState());
            ElectAtOnceWhenAlone();
        }

        done.TrySetResult(written);
    }

    private void MakeNode(RaftInitialState initial)
    {
        _node = new RaftNode(_options.Raft, _options.Self, initial, _storage.Log, new LoggerTrace(_logger));
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
                while (_inputs.Reader.TryRead(out RaftInput input))
                {
                    Deliver(input);
                }

                if (_bootstrap is not null)
                {
                    await BootstrapAsync().ConfigureAwait(false);
                }

                while (_node.TryTakeReady(out Ready? ready))
                {
                    CarryOut(ready);
                }
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
            FailAll();
            _inputs.Writer.TryComplete();
            _applyWork.Writer.TryComplete();
        }
    }

    /// <summary>The only voter need not wait for anybody's heartbeat: logical time runs ahead until it is elected.</summary>
    private void ElectAtOnceWhenAlone()
    {
        if (_node.Configuration is not { VoterCount: 1 } || !_node.Configuration.IsVoter(_options.Self))
        {
            return;
        }

        for (int i = 0; i < 4 * _options.Raft.ElectionTimeoutTicks && _node.Role == RaftRole.Follower; i++)
        {
            _node.Tick();
        }
    }

    private void Deliver(in RaftInput input)
    {
        switch (input.Kind)
        {
            case RaftInputKind.Tick:
                _node.Tick();
                ObserveFollowers();
                break;
            case RaftInputKind.Message:
                var message = (RaftMessage)input.Subject!;
                long arrived = _time.GetTimestamp();
                _node.Step(message);
                _metrics.Receive(message)?.Since(arrived);
                if (message.From == _node.Leader)
                {
                    Volatile.Write(ref _lastLeaderContact, _time.GetTimestamp());
                }

                break;
            case RaftInputKind.Propose:
                Place((PendingProposal)input.Subject!);
                break;
            case RaftInputKind.Call:
                ((Action<RaftNode>)input.Subject!)(_node);
                break;
            case RaftInputKind.Saved:
                _node.Saved(input.Number);
                break;
            case RaftInputKind.Applied:
                _node.Applied(new LogIndex(input.Number));
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

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

    /// <summary>On a leader, once per heartbeat interval: how long each follower has been silent.</summary>
    private void ObserveFollowers()
    {
        if (_node.Role != RaftRole.Leader || ++_ticks % _options.Raft.HeartbeatIntervalTicks != 0)
        {
            return;
        }

        foreach (PeerStatus peer in _node.Peers())
        {
            _metrics.LastContact.Took(_options.Tick * peer.LastContactTicks);
        }
    }

    /// <summary>Carries out one Ready: save and what waits for it, send, apply, answer reads, publish the view.</summary>
    private void CarryOut(Ready ready)
    {
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
            _ = AfterSaveAsync(durable, ready, started, isDispatch);
        }

        if (ready.CompactTo is { } entry)
        {
            _ = CompactAsync(entry);
        }
    }

    private async Task AfterSaveAsync(Task durable, Ready ready, long started, bool isDispatch)
    {
        try
        {
            await durable.ConfigureAwait(false);
            AfterSave(ready, started, isDispatch);
            _inputs.Writer.TryWrite(RaftInput.Saved(ready.Number));
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

    private async Task CompactAsync(EntryId entry)
    {
        long started = _time.GetTimestamp();
        try
        {
            await _storage.Log.CompactAsync(entry).ConfigureAwait(false);
            _metrics.CompactLogs.Since(started);
        }
        catch (Exception failure)
        {
            Stop(failure);
        }
    }

    /// <summary>A disk that failed once is not trusted again: the loop ends with the reason.</summary>
    private void Stop(Exception failure) => _inputs.Writer.TryComplete(failure);

    private void PublishView(Ready ready)
    {
        ConsensusView view = _view;
        foreach (StateChange change in ready.StateChanges)
        {
            bool hasLostQuorum = change is { From: RaftRole.Leader, To: RaftRole.Follower, Leader.IsNone: true }
                && view.Term == change.Term.Value && _node.Configuration.IsVoter(_options.Self);
            _metrics.Changed(change, hasLostQuorum);
            view = view with { Role = change.To, Term = change.Term.Value, Leader = change.Leader, Reason = change.Reason };
            LogRole(change.From, change.To, change.Term.Value, change.Leader.ToString(), change.Reason);
        }

        if (ready.Configuration is { } configuration)
        {
            view = view with { Configuration = configuration };
            _transport.Configure(configuration);
        }

        if (ReferenceEquals(view, _view))
        {
            return;
        }

        bool lost = _view.Role == RaftRole.Leader && view.Role != RaftRole.Leader;
        _view = view;
        _leaderSeen |= !view.Leader.IsNone;
        _changes.Writer.TryWrite(view);
        TaskCompletionSource changed = _nextView;
        _nextView = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
        if (lost)
        {
            FailPlaced(ConsensusFailure.LeadershipLost);
            FailChanges();
        }
    }

    private async Task TickLoopAsync()
    {
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                _inputs.Writer.TryWrite(RaftInput.Tick);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }
}

/// <summary>What a server knows of the consensus at one moment.</summary>
public sealed record ConsensusView(RaftRole Role, ulong Term, ServerId Leader, RaftConfiguration Configuration, string Reason)
{
    public static readonly ConsensusView Initial = new(RaftRole.Follower, 0, ServerId.None, RaftConfiguration.Empty, "started");

    public bool IsLeader => Role == RaftRole.Leader;
}
