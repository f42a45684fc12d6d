using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>How the state treats the output of checks.</summary>
/// <param name="NodeName">The name of this node; an alias check may name it.</param>
/// <param name="CheckUpdateInterval">
/// Output that changes without the status reaches the catalog after half to one and a half of this; zero: at once.
/// Default 5 min. Lower shows fresher output, higher spares the servers.
/// </param>
/// <param name="DiscardCheckOutput">Keep no output at all.</param>
public sealed record LocalStateOptions(string NodeName, TimeSpan CheckUpdateInterval, bool DiscardCheckOutput = false)
{
    public static readonly TimeSpan DefaultCheckUpdateInterval = TimeSpan.FromMinutes(5);
}

/// <summary>
/// The services and checks of this agent, which the catalog is corrected towards. Writers take a lock for the moment of
/// the change; readers take <see cref="Current"/> and wait for nobody.
/// </summary>
public sealed partial class LocalState : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Stagger _stagger;
    private readonly Lock _lock = new();

    // Written only under the lock, replaced whole.
    private volatile LocalSnapshot _current = LocalSnapshot.Empty;
    private volatile LocalStateOptions _options;
    private volatile Action _syncNeeded = static () => { };
    private long _revision;
    private NodeInfo? _node;
    private bool _disposed;

    public LocalState(LocalStateOptions options, TimeProvider time, Stagger stagger)
    {
        _options = options;
        _time = time;
        _stagger = stagger;
    }

    public LocalSnapshot Current => _current;

    public LocalStateOptions Options => _options;

    /// <summary>The node's row, or null before <see cref="SetNode"/>.</summary>
    public NodeInfo? Node => Volatile.Read(ref _node);

    /// <summary>Called, outside the lock, whenever something waits to be synced. Set once, before the first change.</summary>
    public void OnSyncNeeded(Action syncNeeded) => _syncNeeded = syncNeeded;

    /// <summary>Takes options that were reloaded; output that is already kept stays.</summary>
    public void Reconfigure(LocalStateOptions options) => _options = options;

    /// <summary>Says what the catalog shall know of the node; a change is synced.</summary>
    public void SetNode(NodeInfo node)
    {
        lock (_lock)
        {
            if (node.Equals(_node))
            {
                return;
            }

            Volatile.Write(ref _node, node);
            _current = _current with { NodeInfoInSync = false };
        }

        _syncNeeded();
    }

    /// <summary>
    /// Adds a service (normalized) with its checks, which carry the status that they shall have, or replaces it; what is the
    /// same as before stays in sync.
    /// </summary>
    public void PutService(ServiceDefinition service, RegistrationSource source, IReadOnlyCollection<LocalCheck> checks)
    {
        List<TaskCompletionSource>? woken = null;
        lock (_lock)
        {
            LocalSnapshot next = _current;
            LocalService? old = next.Services.GetValueOrDefault(service.Id);
            string hash = ContentHash.Of(service);
            next = next.WithService(new LocalService
            {
                Definition = service with { Checks = [] },
                Source = source,
                ContentHash = hash,
                InSync = old is { InSync: true } && old.Definition.SameInCatalog(service),
                Revision = ++_revision,
            });
            if (!string.Equals(old?.ContentHash, hash, StringComparison.Ordinal))
            {
                TakeWaiters(service.Id, ref woken);
            }

            // The catalog gives a check its service's name and tags; what stays from before has to say the same.
            foreach (LocalCheck kept in next.ChecksOf(service.Id).ToList())
            {
                next = Put(next, kept with { ServiceName = service.Name, ServiceTags = service.Tags });
            }

            foreach (LocalCheck check in checks)
            {
                next = Put(next, check);
            }

            _current = SettleAliases(next, service.Id);
        }

        Wake(woken);
        _syncNeeded();
    }

    /// <summary>Adds a check or replaces it.</summary>
    /// <returns>The reason why not: its service does not exist.</returns>
    public Refusal? PutCheck(LocalCheck check)
    {
        lock (_lock)
        {
            LocalSnapshot next = _current;
            if (check.ServiceId.Length > 0)
            {
                if (!next.Services.TryGetValue(check.ServiceId, out LocalService? service))
                {
                    return Refusal.Internal($"ServiceID \"{check.ServiceId}\" does not exist");
                }

                check = check with { ServiceName = service.Definition.Name, ServiceTags = service.Definition.Tags };
            }

            string? formerService = next.Checks.GetValueOrDefault(check.Id)?.ServiceId;
            next = SettleAliases(Put(next, check), check.ServiceId);
            _current = formerService is null ? next : SettleAliases(next, formerService);
        }

        _syncNeeded();
        return null;
    }

    /// <summary>Removes a service and all its checks.</summary>
    /// <returns>The removed checks' ids, or null when there is no such service.</returns>
    public IReadOnlyList<string>? RemoveService(string id)
    {
        List<TaskCompletionSource>? woken = null;
        List<string> removed = [];
        lock (_lock)
        {
            LocalSnapshot next = _current;
            if (!next.Services.ContainsKey(id))
            {
                return null;
            }

            foreach (LocalCheck check in next.ChecksOf(id))
            {
                removed.Add(check.Id);
                next = Remove(next, check);
            }

            next = next.WithoutService(id);
            TakeWaiters(id, ref woken);
            _current = SettleAliases(next, id);
        }

        Wake(woken);
        _syncNeeded();
        return removed;
    }

    /// <summary>Removes a check; false when there is none.</summary>
    public bool RemoveCheck(string id)
    {
        lock (_lock)
        {
            if (!_current.Checks.TryGetValue(id, out LocalCheck? check))
            {
                return false;
            }

            _current = SettleAliases(Remove(_current, check), check.ServiceId);
        }

        _syncNeeded();
        return true;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (ITimer timer in _deferrals.Values)
            {
                timer.Dispose();
            }

            _deferrals.Clear();
        }
    }

    private LocalSnapshot Put(LocalSnapshot snapshot, LocalCheck check)
    {
        LocalCheck? old = snapshot.Checks.GetValueOrDefault(check.Id);
        if (_options.DiscardCheckOutput && check.Output.Length > 0)
        {
            check = check with { Output = "" };
        }

        // Registering the same again, as many clients do all the time, neither forgets nor hastens output that waits.
        bool same = old is not null && SyncComparison.Same(old, check);
        if (!same)
        {
            CancelDeferral(check.Id);
        }

        check = check with
        {
            InSync = same && old!.InSync,
            OutputDeferred = same && old!.OutputDeferred,
            CriticalSince = check.Status != CheckStatus.Critical ? null : old?.CriticalSince ?? _time.GetTimestamp(),
            Revision = ++_revision,
        };
        IndexAlias(old, check);
        return snapshot.WithCheck(check);
    }

    private LocalSnapshot Remove(LocalSnapshot snapshot, LocalCheck check)
    {
        CancelDeferral(check.Id);
        IndexAlias(check, added: null);
        return snapshot.WithoutCheck(check);
    }
}
