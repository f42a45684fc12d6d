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
public sealed partial class RaftHost : ICommandLog, IRaftMembership, IAsyncDisposable
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
    private readonly OwnedTasks _background = new();

    private RaftNode _node = null!;
    private Task _loop = Task.CompletedTask;
    private Task _applier = Task.CompletedTask;
    private Task _ticker = Task.CompletedTask;
    private Task _snapshots = Task.CompletedTask;
    private volatile ConsensusView _view;
    private volatile bool _leaderSeen;

    /// <summary>The loop takes nothing more: it was stopped, or the disk or an invariant has failed.</summary>
    private volatile bool _hasEnded;
    private long _lastLeaderContact;
    private ulong _lastIndex;
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
    /// Whether this server leads under a lease that still runs, and has applied an entry of its own term. Then its state, once it holds
    /// <paramref name="index"/>, holds everything that was acknowledged or read anywhere before the call.
    /// </summary>
    /// <param name="index">The commit index. A follower may have applied that far, and shown it, before this server has.</param>
    public bool HoldsLease(out ulong index)
    {
        index = Volatile.Read(ref _committed);
        return _view is { IsLeader: true } view && _applied.Last.Term.Value == view.Term && _time.GetTimestamp() < Volatile.Read(ref _leaseEnd);
    }

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

    /// <summary>Where this server stands, for the leader's autopilot.</summary>
    /// <exception cref="ConsensusException">Too much is waiting, or the loop has ended.</exception>
    public async Task<ServerStats> StatsAsync()
    {
        RaftStats now = await CallAsync(static node => node.Stats()).ConfigureAwait(false);
        TimeSpan? contact = now.Role == RaftRole.Leader ? TimeSpan.Zero
            : now.LastContactTicks is null ? null : _time.GetElapsedTime(Volatile.Read(ref _lastLeaderContact));
        return new ServerStats(contact, now.LastEntry);
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
        _started = _time.GetTimestamp();
        _metrics.Began();
        _applier = Task.Run(ApplyLoopAsync);
        _loop = Task.Run(RunLoopAsync);
        _ticker = Task.Run(TickLoopAsync);
        _snapshots = Task.Run(SnapshotLoopAsync);
    }

    /// <summary>Delivers a message from a peer; dropped when too much is waiting.</summary>
    public void Deliver(RaftMessage message) => _inputs.Writer.TryWrite(RaftInput.Message(message));

    /// <summary>A connection on which a peer's messages came has ended; see <see cref="RaftNode.ConnectionLost"/>.</summary>
    public void ConnectionLost(ServerId peer) => _inputs.Writer.TryWrite(RaftInput.ConnectionLost(peer));

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
    /// <exception cref="ConsensusException">Too much is waiting, or the loop has ended.</exception>
    public Task<T> CallAsync<T>(Func<RaftNode, T> call)
    {
        PendingCall pending = PendingCall.Of(call, out Task<T> answer);
        if (!_inputs.Writer.TryWrite(RaftInput.Call(pending)))
        {
            pending.Fail(WhyNotTaken);
        }

        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _hasEnded = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _inputs.Writer.TryComplete();
        await Task.WhenAll(
            _loop.ContinueWith(static _ => { }, TaskScheduler.Default),
            _ticker,
            _snapshots,
            _applier.ContinueWith(static _ => { }, TaskScheduler.Default)).ConfigureAwait(false);
        await _background.WhenAllAsync().ConfigureAwait(false);
        _changes.Writer.TryComplete();
        _incoming?.Dispose();
        await _storage.DisposeAsync().ConfigureAwait(false);
        _snapshotting.Dispose();
        _stopping.Dispose();
    }

    private ConsensusFailure WhyNotTaken => _hasEnded ? ConsensusFailure.Stopping : ConsensusFailure.Overloaded;

    private ValueTask<ApplyOutcome> ProposeAsync(PendingProposal proposal)
    {
        if (!_inputs.Writer.TryWrite(RaftInput.Propose(proposal)))
        {
            proposal.Fail(WhyNotTaken);
        }

        return proposal.Task;
    }

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

        bool lost = _view.IsLeader && !(view.IsLeader && view.Term == _view.Term);
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
}

/// <summary>What a server knows of the consensus at one moment.</summary>
public sealed record ConsensusView(RaftRole Role, ulong Term, ServerId Leader, RaftConfiguration Configuration, string Reason)
{
    public static readonly ConsensusView Initial = new(RaftRole.Follower, 0, ServerId.None, RaftConfiguration.Empty, "started");

    public bool IsLeader => Role == RaftRole.Leader;
}
