using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server;

/// <summary>
/// Everything that only servers do, put together: the replicated state behind Raft, the RPC port, the cluster API and the
/// leader's duties. Gossip belongs to the agent and is asked for its members.
/// </summary>
public sealed partial class ConsulServer : IAsyncDisposable
{
    private readonly ConsulServerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly RpcPool _pool;
    private readonly RaftTransport _transport;
    private readonly LeaderLoop _leaderLoop;
    private readonly Bootstrapper _bootstrapper;
    private readonly RpcEndpoints _rpc;
    private readonly RpcMetrics _rpcMetrics;
    private readonly CancellationTokenSource _stopping = new();
    private GrpcHost? _host;
    private Task _leading = Task.CompletedTask;

    /// <summary>Opens log and snapshots, and puts the server together. It takes part from <see cref="StartAsync"/> on.</summary>
    /// <exception cref="StorageException">The data cannot be used; the message says why and what to do.</exception>
    /// <exception cref="RecoveryException">The operator's peers.json cannot be followed.</exception>
    public static async Task<ConsulServer> OpenAsync(
        ConsulServerOptions options,
        ServerGossip gossip,
        Action<ConsensusView> onLeader,
        TimeProvider time,
        ILoggerFactory loggers,
        MetricsRegistry metrics)
    {
        RaftStorage storage = options.DataDirectory is { } directory
            ? await ClusterRecovery.OpenAsync(
                Path.Combine(directory, "raft"),
                new RaftServer(options.Raft.Self, options.RpcAdvertise.ToString()),
                loggers.CreateLogger<ConsulServer>()).ConfigureAwait(false)
            : RaftStorage.InMemory();
        LogRepairs(storage, loggers.CreateLogger<ConsulServer>());
        return new ConsulServer(options, storage, gossip, onLeader, time, loggers, metrics);
    }

    /// <param name="onLeader">Called when some server is known to lead.</param>
    private ConsulServer(
        ConsulServerOptions options,
        RaftStorage storage,
        ServerGossip gossip,
        Action<ConsensusView> onLeader,
        TimeProvider time,
        ILoggerFactory loggers,
        MetricsRegistry registry)
    {
        var metrics = new ServerMetrics(registry);
        _rpcMetrics = metrics.Rpc;
        _options = options;
        _loggers = loggers;
        Store = new StateStore();
        Directory = new GossipServerDirectory(gossip.Lan, options.Datacenter);
        var wideArea = new WideArea(gossip.Wan, options.NodeName, options.Datacenter);
        _pool = new RpcPool(RpcPool.DatacenterOptions);
        _transport = new RaftTransport(
            options.Raft.Self, _pool, id => Directory.FindById(id.Value!)?.RpcAddress, time, loggers.CreateLogger<RaftTransport>());
        Raft = new RaftHost(options.Raft, storage, Store, _transport, time, loggers.CreateLogger<RaftHost>(), metrics);
        var random = new Random();
        Api = new ServerApi(
            Raft,
            new ApiForwarder(_pool),
            new ServerApiOptions(options.Datacenter, options.RpcHoldTimeout, RpcAddressOf),
            time,
            random.NextDouble,
            metrics.Rpc);
        var reader = new StateReader(
            Store,
            new ReadLimits(options.DefaultQueryTime, options.MaxQueryTime),
            time,
            longest => longest * random.NextDouble(),
            () => Raft.Freshness,
            metrics.Rpc);
        var lockDelays = new LockDelayTable(time);
        Raft.OnLockDelay = lockDelays.Add;
        Sessions = new SessionTimers(Store, Raft, time, loggers.CreateLogger<SessionTimers>(), metrics.Leader);
        registry.Gauge("session_ttl.active", () => Sessions.Active);
        var coordinates = new CoordinateBatcher(Raft, options.CoordinatePeriod, time);
        Autopilot = new AutopilotLoop(
            Raft,
            Store,
            Directory,
            options.Autopilot,
            new StatsFetcher(Raft, options.Raft.Self, _pool, AutopilotLoop.LookInterval / 2, loggers.CreateLogger<StatsFetcher>()).FetchAsync,
            gossip.ForceLeaveAsync,
            time,
            loggers.CreateLogger<AutopilotLoop>(),
            metrics.Autopilot);
        Router = new ApiRouter(
        [
            .. new KvEndpoints(reader, Raft, lockDelays, options.KvValueBytesMax).Routes(),
            .. new SessionEndpoints(reader, Raft, Sessions, new SessionLimits(options.SessionTtlMin)).Routes(),
            .. new CatalogEndpoints(reader, Raft, wideArea, options.Datacenter, metrics).Routes(),
            .. new HealthEndpoints(reader, metrics).Routes(),
            .. new TxnEndpoints(Store, Raft, Api, lockDelays, options.TxnBytesMax, options.KvValueBytesMax, metrics.Rpc).Routes(),
            .. new CoordinateEndpoints(reader, coordinates, wideArea).Routes(),
            .. new StatusEndpoints(Raft, Directory).Routes(),
            .. new OperatorEndpoints(Raft, Directory).Routes(),
            .. new AutopilotEndpoints(Raft, Store, () => Autopilot.Health).Routes(),
            .. new SnapshotEndpoints(Raft, Api, time, metrics.Raft).Routes(),
        ]);
        Api.Use(Router);
        var identity = new ReconcilerIdentity(options.NodeName, options.NodeId, options.Datacenter);
        var reconciler = new MemberReconciler(
            Store, Raft, Raft, gossip.Lan, identity, loggers.CreateLogger<MemberReconciler>(), time, metrics.Leader);
        reconciler.OnServerAdded = Autopilot.NoteServerAdded;
        var tombstones = new TombstoneCollector(Store, Raft, time, metrics.Leader);
        _leaderLoop = new LeaderLoop(
            Raft,
            reconciler,
            [Sessions.RunAsync, tombstones.RunAsync, coordinates.RunAsync, Autopilot.RunAsync],
            new LeaderLoopOptions(onLeader, gossip.AnnounceLeadershipAsync),
            time,
            loggers.CreateLogger<LeaderLoop>(),
            metrics.Leader);
        _bootstrapper = new Bootstrapper(options, Raft, _pool, gossip.Lan, time, loggers.CreateLogger<Bootstrapper>());
        _rpc = new RpcEndpoints(Raft, Api, loggers.CreateLogger<RpcEndpoints>(), metrics.Rpc);
    }

    public StateStore Store { get; }

    public RaftHost Raft { get; }

    public ServerApi Api { get; }

    /// <summary>The cluster's endpoints, for the edge to know their methods and limits.</summary>
    public ApiRouter Router { get; }

    public SessionTimers Sessions { get; }

    public GossipServerDirectory Directory { get; }

    public AutopilotLoop Autopilot { get; }

    /// <summary>Ends when the server was stopped, and fails when it had to stop itself.</summary>
    public Task Completed => Raft.Completed;

    /// <summary>Listens on the RPC port, before anybody is told about it.</summary>
    /// <exception cref="GrpcBindException">The port is taken.</exception>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        _host = await GrpcHost.StartAsync(
            _options.RpcBind,
            _rpc.Methods(),
            new GrpcServerOptions { MessageBytesMax = InternalService.MessageBytesMax, OnConnection = _rpcMetrics.AcceptConnection.Increment },
            _loggers,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins to take part in Raft.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Raft.Start();
        _leading = _leaderLoop.RunAsync(_stopping.Token);
        if (_options.Bootstrap)
        {
            await Raft.BootstrapAsync(_bootstrapper.Alone()).ConfigureAwait(false);
        }
        else
        {
            _bootstrapper.Start();
        }
    }

    /// <summary>A member of the LAN pool changed.</summary>
    public void NotifyMember(MemberChange change)
    {
        _leaderLoop.Notify(change);
        _bootstrapper.Notify();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _bootstrapper.DisposeAsync().ConfigureAwait(false);
        await Raft.DisposeAsync().ConfigureAwait(false);
        await _leading.ConfigureAwait(false);
        if (_host is not null)
        {
            await _host.DisposeAsync().ConfigureAwait(false);
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
        _pool.Dispose();
        _stopping.Dispose();
    }

    private string? RpcAddressOf(ServerId id, ConsensusView view) =>
        Directory.FindById(id.Value!)?.RpcAddress ?? view.Configuration.Find(id)?.Address;
}
