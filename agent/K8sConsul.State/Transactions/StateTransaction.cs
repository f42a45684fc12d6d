using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

/// <summary>
/// The changes that one Raft entry makes, or several in a row. Methods that can refuse return the reason in Consul's words,
/// or null; what they had changed until then is undone only by throwing the transaction away.
/// </summary>
internal sealed partial class StateTransaction(Tables tables)
{
    // The Raft index of the entry that is under way: the index of everything it changes.
    private ulong _index;

    // Structs that change in place: a table that a command leaves alone costs nothing but its field.
    private TableEdit<NodeRecord> _nodes = new(tables.Nodes);
    private TableEdit<NodeRecord> _nodesById = new(tables.NodesById);
    private TableEdit<ServiceRecord> _services = new(tables.Services);
    private TableEdit<ServiceRecord> _servicesByName = new(tables.ServicesByName);
    private TableEdit<ServiceRecord> _servicesByConnect = new(tables.ServicesByConnect);
    private TableEdit<CheckRecord> _checks = new(tables.Checks);
    private TableEdit<CheckRecord> _checksByService = new(tables.ChecksByService);
    private TableEdit<CheckRecord> _checksByServiceName = new(tables.ChecksByServiceName);
    private TableEdit<KvRecord> _kv = new(tables.Kv);
    private TableEdit<KvRecord> _kvBySession = new(tables.KvBySession);
    private TableEdit<TombstoneRecord> _tombstones = new(tables.Tombstones);
    private TableEdit<SessionRecord> _sessions = new(tables.Sessions);
    private TableEdit<SessionRecord> _sessionsByNode = new(tables.SessionsByNode);
    private TableEdit<SessionRecord> _sessionsByCheck = new(tables.SessionsByCheck);
    private TableEdit<CoordinateRecord> _coordinates = new(tables.Coordinates);
    private TableEdit<IndexRecord> _indexes = new(tables.Indexes);

    private List<LockDelay>? _lockDelays;

    /// <summary>What follows are the changes of the entry at <paramref name="index"/>.</summary>
    public void Begin(ulong index) => _index = index;

    /// <summary>
    /// Keys that must not be acquired for a while, because the session that held them was invalidated by the entry that is
    /// under way.
    /// </summary>
    public IReadOnlyList<LockDelay> TakeLockDelays()
    {
        IReadOnlyList<LockDelay> taken = _lockDelays ?? (IReadOnlyList<LockDelay>)[];
        _lockDelays = null;
        return taken;
    }

    public Tables Commit() => new()
    {
        Nodes = _nodes.Commit(),
        NodesById = _nodesById.Commit(),
        Services = _services.Commit(),
        ServicesByName = _servicesByName.Commit(),
        ServicesByConnect = _servicesByConnect.Commit(),
        Checks = _checks.Commit(),
        ChecksByService = _checksByService.Commit(),
        ChecksByServiceName = _checksByServiceName.Commit(),
        Kv = _kv.Commit(),
        KvBySession = _kvBySession.Commit(),
        Tombstones = _tombstones.Commit(),
        Sessions = _sessions.Commit(),
        SessionsByNode = _sessionsByNode.Commit(),
        SessionsByCheck = _sessionsByCheck.Commit(),
        Coordinates = _coordinates.Commit(),
        Autopilot = _autopilot,
        Indexes = _indexes.Commit(),
    };

    /// <summary>Wakes the watchers of what changed. Only after the committed tables are published.</summary>
    public void Notify()
    {
        _nodes.Notify();
        _nodesById.Notify();
        _services.Notify();
        _servicesByName.Notify();
        _servicesByConnect.Notify();
        _checks.Notify();
        _checksByService.Notify();
        _checksByServiceName.Notify();
        _kv.Notify();
        _kvBySession.Notify();
        _tombstones.Notify();
        _sessions.Notify();
        _sessionsByNode.Notify();
        _sessionsByCheck.Notify();
        _coordinates.Notify();
        _indexes.Notify();
    }

    private void Touch(string indexName)
    {
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendFolded(indexName);
        _indexes.Set(key.Bytes, new IndexRecord(indexName, _index));
    }
}

/// <summary>A key whose holder was invalidated, and for how long it cannot be acquired.</summary>
public readonly record struct LockDelay(string Key, TimeSpan Delay);
