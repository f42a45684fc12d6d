using System.Collections.Frozen;
using K8sConsul.Raft;
using K8sConsul.Server.Leader;

namespace K8sConsul.Server.Telemetry;

/// <summary>What servers measure, by Consul's names without the prefix. Times are in milliseconds.</summary>
public sealed class ServerMetrics(MetricsRegistry registry)
{
    public MetricsRegistry Registry { get; } = registry;

    public RaftMetrics Raft { get; } = new(registry);

    public StateMachineMetrics StateMachine { get; } = new(registry);

    public LeaderMetrics Leader { get; } = new(registry);

    public AutopilotMetrics Autopilot { get; } = new(registry);

    public RpcMetrics Rpc { get; } = new(registry);

    /// <summary>Questions for the instances of a service, <c>catalog.service.*</c> and its like.</summary>
    public ServiceQueryMetrics CatalogService { get; } = new(registry, "catalog.service");

    public ServiceQueryMetrics CatalogConnect { get; } = new(registry, "catalog.connect");

    public ServiceQueryMetrics HealthService { get; } = new(registry, "health.service");

    public ServiceQueryMetrics HealthConnect { get; } = new(registry, "health.connect");
}

/// <summary><c>raft.*</c></summary>
public sealed class RaftMetrics(MetricsRegistry registry)
{
    private readonly FrozenDictionary<RaftRole, Counter> _states = new Dictionary<RaftRole, Counter>
    {
        [RaftRole.Follower] = registry.Counter("raft.state.follower"),
        [RaftRole.Candidate] = registry.Counter("raft.state.candidate"),
        [RaftRole.Leader] = registry.Counter("raft.state.leader"),
    }.ToFrozenDictionary();

    private readonly Sample _appendEntries = registry.Sample("raft.rpc.appendEntries");
    private readonly Sample _requestVote = registry.Sample("raft.rpc.requestVote");
    private readonly Sample _installSnapshot = registry.Sample("raft.rpc.installSnapshot");

    public Counter Apply { get; } = registry.Counter("raft.apply", isHot: true);

    public Counter Barrier { get; } = registry.Counter("raft.barrier");

    public Counter VerifyLeader { get; } = registry.Counter("raft.verify_leader", isHot: true);

    /// <summary>From an entry's place in the log to its commit.</summary>
    public Sample CommitTime { get; } = registry.Sample("raft.commitTime");

    /// <summary>Entries committed at once.</summary>
    public Gauge CommitNumLogs { get; } = registry.Gauge("raft.commitNumLogs");

    /// <summary>The leader's own write of new entries, flush included.</summary>
    public Sample DispatchLog { get; } = registry.Sample("raft.leader.dispatchLog");

    /// <summary>Entries written at once.</summary>
    public Gauge DispatchNumLogs { get; } = registry.Gauge("raft.leader.dispatchNumLogs");

    /// <summary>On a leader: since each follower was heard.</summary>
    public Sample LastContact { get; } = registry.Sample("raft.leader.lastContact");

    /// <summary>How long committed entries wait for the applier.</summary>
    public Sample Enqueue { get; } = registry.Sample("raft.fsm.enqueue");

    public Sample FsmApply { get; } = registry.Sample("raft.fsm.apply");

    public Sample FsmRestore { get; } = registry.Sample("raft.fsm.restore");

    public Sample FsmSnapshot { get; } = registry.Sample("raft.fsm.snapshot");

    public Sample CompactLogs { get; } = registry.Sample("raft.compactLogs");

    public Sample SnapshotCreate { get; } = registry.Sample("raft.snapshot.create");

    public Sample SnapshotPersist { get; } = registry.Sample("raft.snapshot.persist");

    public Sample TakeSnapshot { get; } = registry.Sample("raft.snapshot.takeSnapshot");

    public Counter Restore { get; } = registry.Counter("raft.restore");

    public Sample RestoreUserSnapshot { get; } = registry.Sample("raft.restoreUserSnapshot");

    public Counter HeartbeatTimeout { get; } = registry.Counter("raft.transition.heartbeat_timeout");

    public Counter LeaderLeaseTimeout { get; } = registry.Counter("raft.transition.leader_lease_timeout");

    /// <summary>The time to take a message of a peer in; null where Consul measures none.</summary>
    public Sample? Receive(RaftMessage message) => message switch
    {
        AppendEntries => _appendEntries,
        RequestVote => _requestVote,
        InstallSnapshot => _installSnapshot,
        _ => null,
    };

    /// <summary>Every peer begins as a follower.</summary>
    public void Began() => _states[RaftRole.Follower].Increment();

    /// <summary>Consul knows no pre-candidates: they are followers that have lost their leader.</summary>
    /// <param name="hasLostQuorum">A leader that stepped down of itself, because it heard of too few.</param>
    public void Changed(StateChange change, bool hasLostQuorum)
    {
        if (change.From == change.To)
        {
            return;
        }

        if (_states.TryGetValue(change.To, out Counter? entered) && !(change.From == RaftRole.PreCandidate && change.To == RaftRole.Follower))
        {
            entered.Increment();
        }

        if (change.From == RaftRole.Follower && change.To is RaftRole.PreCandidate or RaftRole.Candidate)
        {
            HeartbeatTimeout.Increment();
        }
        else if (hasLostQuorum)
        {
            LeaderLeaseTimeout.Increment();
        }
    }
}

/// <summary>The endpoints of servers: <c>rpc.*</c> and the writes' own timings.</summary>
public sealed class RpcMetrics
{
    private readonly MetricsRegistry _registry;
    private readonly FrozenDictionary<string, Sample> _atLeader;
    private int _queriesBlocking;

    public RpcMetrics(MetricsRegistry registry)
    {
        _registry = registry;
        Sample kv = registry.Sample("kvs.apply", isHot: true);
        Sample session = registry.Sample("session.apply");
        _atLeader = new Dictionary<string, Sample>(StringComparer.Ordinal)
        {
            ["/v1/kv/"] = kv,
            ["/v1/session/create"] = session,
            ["/v1/session/destroy/"] = session,
            ["/v1/session/renew/"] = registry.Sample("session.renew"),
            ["/v1/catalog/register"] = registry.Sample("catalog.register"),
            ["/v1/catalog/deregister"] = registry.Sample("catalog.deregister"),
        }.ToFrozenDictionary(StringComparer.Ordinal);
        Call = registry.Counter("client.rpc", isHot: true);
        AcceptConnection = registry.Counter("rpc.accept_conn");
        Request = registry.Counter("rpc.request", isHot: true);
        RequestError = registry.Counter("rpc.request_error");
        Query = registry.Counter("rpc.query", isHot: true);
        ConsistentRead = registry.Sample("rpc.consistentRead", isHot: true);
        TxnApply = registry.Sample("txn.apply");
        TxnRead = registry.Sample("txn.read");
        registry.Gauge("rpc.queries_blocking", () => Volatile.Read(ref _queriesBlocking));
    }

    /// <summary>A timestamp as <see cref="Sample.Since"/> takes it.</summary>
    public long Now => _registry.Now;

    /// <summary>A call of this agent to the servers, itself included.</summary>
    public Counter Call { get; }

    /// <summary>Somebody connected to the RPC port.</summary>
    public Counter AcceptConnection { get; }

    /// <summary>Somebody called at the RPC port.</summary>
    public Counter Request { get; }

    public Counter RequestError { get; }

    /// <summary>A read, blocking or not.</summary>
    public Counter Query { get; }

    public Sample ConsistentRead { get; }

    public Sample TxnApply { get; }

    public Sample TxnRead { get; }

    /// <summary>The timing of a route's writes where the leader carries them out; null where Consul measures none.</summary>
    public Sample? AtLeader(string route) => _atLeader.GetValueOrDefault(route);

    public void BeginBlocking() => Interlocked.Increment(ref _queriesBlocking);

    public void EndBlocking() => Interlocked.Decrement(ref _queriesBlocking);
}

/// <summary>The leader's duties.</summary>
public sealed class LeaderMetrics(MetricsRegistry registry)
{
    public Sample Barrier { get; } = registry.Sample("leader.barrier");

    public Sample Reconcile { get; } = registry.Sample("leader.reconcile");

    public Sample ReconcileMember { get; } = registry.Sample("leader.reconcileMember");

    public Sample ReapTombstones { get; } = registry.Sample("leader.reapTombstones");

    public Sample SessionInvalidate { get; } = registry.Sample("session_ttl.invalidate");
}

/// <summary><c>autopilot.*</c>, told by the leader at each look.</summary>
public sealed class AutopilotMetrics(MetricsRegistry registry)
{
    private readonly Gauge _healthy = registry.Gauge("autopilot.healthy");
    private readonly Gauge _failureTolerance = registry.Gauge("autopilot.failure_tolerance");

    public void Tell(ClusterHealth health)
    {
        _healthy.Set(health.IsHealthy ? 1 : 0);
        _failureTolerance.Set(health.FailureTolerance);
    }
}

/// <summary>Questions for the instances of a service, by its name, on the server that answers.</summary>
public sealed class ServiceQueryMetrics(MetricsRegistry registry, string name)
{
    private readonly CounterFamily<string> _queries =
        registry.Counters<string>(name + ".query", static service => [new MetricLabel("service", service)]);

    private readonly CounterFamily<(string Service, string Tags)> _queriesWithTags = registry.Counters<(string Service, string Tags)>(
        name + ".query-tags", static key => [new MetricLabel("service", key.Service), new MetricLabel("tag", key.Tags)]);

    private readonly CounterFamily<string> _notFound =
        registry.Counters<string>(name + ".not-found", static service => [new MetricLabel("service", service)]);

    /// <param name="tags">
    /// Those asked for. Several are told in one label, sorted: Consul repeats the label, which Prometheus refuses.
    /// </param>
    public void Answered(string service, IReadOnlyList<string> tags, int found)
    {
        _queries.Increment(service);
        if (tags.Count > 0)
        {
            _queriesWithTags.Increment((service, tags.Count == 1 ? tags[0] : string.Join(',', tags.Order(StringComparer.Ordinal))));
        }

        if (found == 0)
        {
            _notFound.Increment(service);
        }
    }
}
