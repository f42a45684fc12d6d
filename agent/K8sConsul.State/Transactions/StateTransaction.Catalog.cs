using K8sConsul.Go;
using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    public NodeRecord? Node(string name) => _nodes.Get(StateKeys.Folded(name));

    public NodeRecord? NodeById(string id) => id.Length == 0 ? null : _nodesById.Get(StateKeys.Folded(id));

    public ServiceRecord? Service(string node, string id) => _services.Get(StateKeys.Folded(node, id));

    public CheckRecord? Check(string node, string id) => _checks.Get(StateKeys.Folded(node, id));

    /// <summary>Registers a node and what it carries. Parts that are as they were move no index.</summary>
    public string? Register(NodeRecord node, bool skipNodeUpdate, ServiceRecord? service, IReadOnlyList<CheckRecord> checks)
    {
        NodeRecord? existing = Node(node.Node);
        if ((existing is null || (!skipNodeUpdate && !existing.IsSame(node))) && EnsureNode(node) is { } nodeRefused)
        {
            return $"failed inserting node: {nodeRefused}";
        }

        if (service is not null && EnsureService(service) is { } serviceRefused)
        {
            return $"failed inserting service: {serviceRefused}";
        }

        foreach (CheckRecord check in checks)
        {
            // Consul compares the spelling here, although both would name the same node.
            if (!string.Equals(check.Node, node.Node, StringComparison.Ordinal))
            {
                return $"check node {GoText.Quote(check.Node)} does not match node {GoText.Quote(node.Node)}";
            }

            if (EnsureCheck(check) is { } checkRefused)
            {
                return $"failed inserting check: {checkRefused} on node {GoText.Quote(check.Node)}";
            }
        }

        return null;
    }

    public string? EnsureNode(NodeRecord node)
    {
        NodeRecord? existing = NodeById(node.Id);
        if (existing is not null)
        {
            if (!string.Equals(existing.Node, node.Node, StringComparison.Ordinal))
            {
                if (NameConflict(node, mayAdopt: false) is { } reserved)
                {
                    return $"Error while renaming Node ID: {GoText.Quote(node.Id)} ({node.Address}): {reserved}";
                }

                // The same machine under a new name: all that belonged to the old name goes with it.
                DeleteNode(existing.Node);
            }
        }
        else if (node.Id.Length > 0 && NameConflict(node, mayAdopt: true) is { } reserved)
        {
            return $"Error while renaming Node ID: {GoText.Quote(node.Id)}: {reserved}";
        }

        existing ??= Node(node.Node);
        if (existing is not null && existing.IsSame(node))
        {
            return null;
        }

        NodeRecord stored = node with { CreateIndex = existing?.CreateIndex ?? _index, ModifyIndex = _index };

        // Whoever carried the name until now, the node itself or one that lost its claim, is no longer found by its ID.
        if (_nodes.Set(StateKeys.Folded(stored.Node), stored) is { Id.Length: > 0 } displaced)
        {
            _nodesById.Remove(StateKeys.Folded(displaced.Id));
        }

        if (stored.Id.Length > 0)
        {
            _nodesById.Set(StateKeys.Folded(stored.Id), stored);
        }

        Touch(IndexNames.Nodes);
        TouchServicesOf(stored.Node);
        return null;
    }

    public string? EnsureService(ServiceRecord service)
    {
        if (Node(service.Node) is null)
        {
            return "Missing node registration";
        }

        ServiceRecord? existing = Service(service.Node, service.Id);
        if (existing is not null && existing.IsSame(service))
        {
            return null;
        }

        ServiceRecord stored = service with { CreateIndex = existing?.CreateIndex ?? _index, ModifyIndex = _index };
        if (existing is not null)
        {
            RemoveFromServiceIndexes(existing);
        }

        _services.Set(StateKeys.Folded(stored.Node, stored.Id), stored);
        _servicesByName.Set(StateKeys.Folded(stored.Service, stored.Node, stored.Id), stored);
        string? target = ConnectTarget(stored);
        if (target is not null)
        {
            _servicesByConnect.Set(StateKeys.Folded(target, stored.Node, stored.Id), stored);
            Touch(IndexNames.ConnectFamily + target);
        }

        Touch(IndexNames.Services);
        Touch(IndexNames.ServiceFamily + stored.Service);
        if (existing is not null)
        {
            // The names that the instance had before: where nothing has changed this touches once more.
            TouchOrExtinguish(existing);
        }

        return null;
    }

    public string? EnsureCheck(CheckRecord check)
    {
        if (Node(check.Node) is null)
        {
            return "Missing node registration";
        }

        CheckRecord? existing = Check(check.Node, check.CheckId);
        CheckRecord stored = check.Status.Length == 0 ? check with { Status = CheckStatus.Critical } : check;
        if (stored.ServiceId.Length > 0)
        {
            if (Service(stored.Node, stored.ServiceId) is not { } service)
            {
                return "Missing service registration";
            }

            stored = stored with { ServiceName = service.Service, ServiceTags = service.Tags };
        }

        bool changed = existing is null || !existing.IsSame(stored);
        if (string.Equals(stored.Status, CheckStatus.Critical, StringComparison.Ordinal))
        {
            DestroySessionsOfCheck(stored.Node, stored.CheckId);
        }

        if (!changed)
        {
            return null;
        }

        stored = stored with { CreateIndex = existing?.CreateIndex ?? _index, ModifyIndex = _index };
        if (existing is not null)
        {
            RemoveFromCheckIndexes(existing);
            TouchServicesOfCheck(existing);
        }

        _checks.Set(StateKeys.Folded(stored.Node, stored.CheckId), stored);
        _checksByService.Set(StateKeys.Folded(stored.Node, stored.ServiceId, stored.CheckId), stored);
        if (stored.ServiceName.Length > 0)
        {
            _checksByServiceName.Set(StateKeys.Folded(stored.ServiceName, stored.Node, stored.CheckId), stored);
        }

        Touch(IndexNames.Checks);
        TouchServicesOfCheck(stored);
        return null;
    }

    /// <summary>Removes a node with its services, checks, coordinates and sessions; an unknown one is no error.</summary>
    public void DeleteNode(string name)
    {
        if (Node(name) is not { } node)
        {
            return;
        }

        foreach (ServiceRecord service in _services.List(StateKeys.FoldedPrefix(name)))
        {
            DeleteService(name, service.Id);
        }

        foreach (CheckRecord check in _checks.List(StateKeys.FoldedPrefix(name)))
        {
            DeleteCheck(name, check.CheckId);
        }

        if (_coordinates.RemovePrefix(StateKeys.FoldedPrefix(name)).Count > 0)
        {
            Touch(IndexNames.Coordinates);
        }

        _nodes.Remove(StateKeys.Folded(name));
        if (node.Id.Length > 0)
        {
            _nodesById.Remove(StateKeys.Folded(node.Id));
        }

        Touch(IndexNames.Nodes);
        foreach (SessionRecord session in _sessionsByNode.List(StateKeys.FoldedPrefix(name)))
        {
            SessionDestroy(session.Id);
        }
    }

    /// <summary>Removes an instance and its checks; an unknown one is no error.</summary>
    public void DeleteService(string node, string id)
    {
        if (Service(node, id) is not { } service)
        {
            return;
        }

        foreach (CheckRecord check in _checksByService.List(StateKeys.FoldedPrefix(node, id)))
        {
            DeleteCheck(node, check.CheckId);
        }

        _services.Remove(StateKeys.Folded(node, id));
        RemoveFromServiceIndexes(service);
        Touch(IndexNames.Services);
        TouchOrExtinguish(service);
    }

    /// <summary>Removes a check and ends the sessions that depended on it; an unknown one is no error.</summary>
    public void DeleteCheck(string node, string id)
    {
        if (_checks.Remove(StateKeys.Folded(node, id)) is not { } check)
        {
            return;
        }

        RemoveFromCheckIndexes(check);
        TouchServicesOfCheck(check);
        Touch(IndexNames.Checks);
        DestroySessionsOfCheck(node, id);
    }

    /// <summary>The name of the service that an instance makes reachable in the mesh.</summary>
    internal static string? ConnectTarget(ServiceRecord service)
    {
        if (string.Equals(service.Kind, "connect-proxy", StringComparison.Ordinal))
        {
            return service.Proxy?.DestinationServiceName;
        }

        return service.ConnectNative ? service.Service : null;
    }

    /// <summary>
    /// A name that a living node with another ID carries cannot be taken. Alive is what gossip says: a node whose serfHealth
    /// is critical has lost its claim, and one without that check was registered from outside and never had one.
    /// </summary>
    /// <param name="mayAdopt">Whether a living node that has no ID yet may be given the claimant's.</param>
    private string? NameConflict(NodeRecord claimant, bool mayAdopt)
    {
        if (Node(claimant.Node) is not { } holder
            || (holder.Id.Length == 0 && mayAdopt)
            || string.Equals(holder.Id, claimant.Id, StringComparison.OrdinalIgnoreCase)
            || Check(holder.Node, CheckRecord.SerfHealthId) is null or { Status: CheckStatus.Critical })
        {
            return null;
        }

        return $"Node name {claimant.Node} is reserved by node {holder.Id} with name {holder.Node} ({holder.Address})";
    }

    private void DestroySessionsOfCheck(string node, string checkId)
    {
        foreach (SessionRecord session in _sessionsByCheck.List(StateKeys.FoldedPrefix(node, checkId)))
        {
            SessionDestroy(session.Id);
        }
    }

    private void RemoveFromServiceIndexes(ServiceRecord service)
    {
        _servicesByName.Remove(StateKeys.Folded(service.Service, service.Node, service.Id));
        if (ConnectTarget(service) is { } target)
        {
            _servicesByConnect.Remove(StateKeys.Folded(target, service.Node, service.Id));
        }
    }

    private void RemoveFromCheckIndexes(CheckRecord check)
    {
        _checksByService.Remove(StateKeys.Folded(check.Node, check.ServiceId, check.CheckId));
        if (check.ServiceName.Length > 0)
        {
            _checksByServiceName.Remove(StateKeys.Folded(check.ServiceName, check.Node, check.CheckId));
        }
    }

    /// <summary>A check of an instance concerns its service; one of the node concerns every service there.</summary>
    private void TouchServicesOfCheck(CheckRecord check)
    {
        if (check.ServiceId.Length == 0)
        {
            TouchServicesOf(check.Node);
        }
        else if (Service(check.Node, check.ServiceId) is { } service)
        {
            Touch(IndexNames.ServiceFamily + service.Service);
        }
    }

    private void TouchServicesOf(string node)
    {
        foreach (ServiceRecord service in _services.List(StateKeys.FoldedPrefix(node)))
        {
            Touch(IndexNames.ServiceFamily + service.Service);
        }
    }

    /// <summary>Marks the names that an instance, removed or replaced, was known under; a name that now has none is extinct.</summary>
    private void TouchOrExtinguish(ServiceRecord former)
    {
        TouchOrExtinguish(IndexNames.ServiceFamily + former.Service, _servicesByName.HasPrefix(StateKeys.FoldedPrefix(former.Service)));
        if (ConnectTarget(former) is { } target)
        {
            TouchOrExtinguish(IndexNames.ConnectFamily + target, _servicesByConnect.HasPrefix(StateKeys.FoldedPrefix(target)));
        }
    }

    private void TouchOrExtinguish(string indexName, bool exists)
    {
        if (exists)
        {
            Touch(indexName);
            return;
        }

        _indexes.Remove(StateKeys.Folded(indexName));
        Touch(IndexNames.ServiceLastExtinction);
    }
}
