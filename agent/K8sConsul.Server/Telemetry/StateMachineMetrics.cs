using System.Collections.Frozen;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Telemetry;

/// <summary><c>fsm.*</c>: how long each kind of command takes to apply.</summary>
public sealed class StateMachineMetrics(MetricsRegistry registry)
{
    private readonly FrozenDictionary<string, Sample> _kv = new[]
    {
        KvVerb.Set, KvVerb.Cas, KvVerb.Lock, KvVerb.Unlock, KvVerb.Delete, KvVerb.DeleteTree, KvVerb.DeleteCas,
    }.ToFrozenDictionary(
        verb => verb, verb => registry.Sample("fsm.kvs", isHot: false, new MetricLabel("op", verb)), StringComparer.Ordinal);

    private readonly Sample _register = registry.Sample("fsm.register");
    private readonly Sample _deregister = registry.Sample("fsm.deregister");
    private readonly Sample _sessionCreate = registry.Sample("fsm.session", isHot: false, new MetricLabel("op", "create"));
    private readonly Sample _sessionDestroy = registry.Sample("fsm.session", isHot: false, new MetricLabel("op", "destroy"));
    private readonly Sample _txn = registry.Sample("fsm.txn");
    private readonly Sample _coordinates = registry.Sample("fsm.coordinate.batch-update");
    private readonly Sample _autopilot = registry.Sample("fsm.autopilot");
    private readonly Sample _tombstone = registry.Sample("fsm.tombstone", isHot: false, new MetricLabel("op", "reap"));

    /// <summary>Writing a snapshot of the state.</summary>
    public Sample Persist { get; } = registry.Sample("fsm.persist");

    /// <summary>Null for commands that Consul has not.</summary>
    public Sample? Of(StateCommand command) => command switch
    {
        KvCommand kv => _kv.GetValueOrDefault(kv.Verb),
        RegisterCommand => _register,
        DeregisterCommand => _deregister,
        SessionCommand session => session.Destroy ? _sessionDestroy : _sessionCreate,
        TxnCommand => _txn,
        CoordinateCommand => _coordinates,
        AutopilotCommand => _autopilot,
        TombstoneCommand => _tombstone,
        _ => null,
    };
}
