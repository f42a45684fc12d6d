using System.Text;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;
using K8sConsul.State.Watching;

namespace K8sConsul.State;

/// <summary>An instance with the node it runs on and every check that says something about it.</summary>
/// <param name="Checks">Checks of the node first, then those of the instance, each ordered by ID.</param>
public sealed record HealthRecord(NodeRecord Node, ServiceRecord Service, IReadOnlyList<CheckRecord> Checks);

public sealed partial class StateSnapshot
{
    private const int UuidLength = 36;

    /// <summary>Moves with everything that DNS or a listing of the catalog could show, and not with the key/value store.</summary>
    public ulong CatalogIndex
    {
        get
        {
            if (_catalogIndex == 0)
            {
                _catalogIndex = Math.Max(
                    Math.Max(IndexOf(IndexNames.Nodes), IndexOf(IndexNames.Services)), Math.Max(IndexOf(IndexNames.Checks), 1));
            }

            return _catalogIndex;
        }
    }

    // Computed on first use; two readers that race compute the same.
    private ulong _catalogIndex;

    public int NodeCount => _tables.Nodes.Count;

    public int ServiceInstanceCount => _tables.Services.Count;

    public (ulong Index, RadixRange<NodeRecord> Nodes) NodeList(WatchSet? watches = null) =>
        (IndexOf(IndexNames.Nodes, watches), _tables.Nodes.All());

    /// <summary>A node by name.</summary>
    public NodeRecord? Node(string name)
    {
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendFolded(name);
        return _tables.Nodes.Get(key.Bytes);
    }

    public NodeRecord? NodeById(string id) => id.Length == 0 ? null : _tables.NodesById.Get(StateKeys.Folded(id));

    /// <summary>A node by name, UUID, or unique prefix of a UUID of at least one byte.</summary>
    public NodeRecord? FindNode(string nameOrId)
    {
        if (Node(nameOrId) is { } named)
        {
            return named;
        }

        if (UuidPrefix(nameOrId) is not { } prefix)
        {
            return null;
        }

        NodeRecord? found = null;
        foreach (NodeRecord candidate in _tables.NodesById.Prefix(StateKeys.Folded(prefix)))
        {
            if (found is not null)
            {
                return null;
            }

            found = candidate;
        }

        return found;
    }

    /// <summary>A node and its instances; null when there is no such node.</summary>
    public (ulong Index, NodeRecord? Node, RadixRange<ServiceRecord> Services) NodeServices(string nameOrId, WatchSet? watches = null)
    {
        ulong index = Math.Max(IndexOf(IndexNames.Nodes, watches), IndexOf(IndexNames.Services, watches));
        NodeRecord? node = FindNode(nameOrId);
        return (index, node, node is null ? default : ServicesOfNode(node.Node));
    }

    public RadixRange<ServiceRecord> ServicesOfNode(string node) => _tables.Services.Prefix(StateKeys.FoldedPrefix(node));

    public ServiceRecord? Service(string node, string id) => _tables.Services.Get(StateKeys.Folded(node, id));

    public CheckRecord? Check(string node, string id) => _tables.Checks.Get(StateKeys.Folded(node, id));

    /// <summary>Every instance, in the order of service names; the caller groups them.</summary>
    public (ulong Index, RadixRange<ServiceRecord> Services) ServiceList(WatchSet? watches = null) =>
        (IndexOf(IndexNames.Services, watches), _tables.ServicesByName.All());

    /// <summary>As <see cref="ServiceList"/>, with the index that also moves when a node's meta does.</summary>
    public (ulong Index, RadixRange<ServiceRecord> Services) ServiceListByNodeMeta(WatchSet? watches = null) =>
        (Math.Max(IndexOf(IndexNames.Services, watches), IndexOf(IndexNames.Nodes, watches)), _tables.ServicesByName.All());

    /// <summary>The instances of a service.</summary>
    public (ulong Index, RadixRange<ServiceRecord> Services) ServiceInstances(string name, WatchSet? watches = null)
    {
        RadixRange<ServiceRecord> services = _tables.ServicesByName.Prefix(StateKeys.FoldedPrefix(name));
        return (ServiceIndex(name, !services.IsEmpty, withChecks: false, watches), services);
    }

    /// <summary>The mesh-capable instances for a service.</summary>
    public (ulong Index, RadixRange<ServiceRecord> Services) ConnectInstances(string name, WatchSet? watches = null)
    {
        RadixRange<ServiceRecord> services = _tables.ServicesByConnect.Prefix(StateKeys.FoldedPrefix(name));
        ulong own = ServiceIndex(name, !services.IsEmpty, withChecks: false, watches);
        return (Math.Max(own, ConnectIndex(name, services, watches)), services);
    }

    /// <summary>The instances of a service with node and checks.</summary>
    public (ulong Index, IReadOnlyList<HealthRecord> Instances) ServiceHealth(string name, WatchSet? watches = null)
    {
        RadixRange<ServiceRecord> services = _tables.ServicesByName.Prefix(StateKeys.FoldedPrefix(name));
        ulong index = ServiceIndex(name, !services.IsEmpty, withChecks: true, watches);
        return (index, WithHealth(services));
    }

    /// <summary>The mesh-capable instances for a service with node and checks.</summary>
    public (ulong Index, IReadOnlyList<HealthRecord> Instances) ConnectHealth(string name, WatchSet? watches = null)
    {
        RadixRange<ServiceRecord> services = _tables.ServicesByConnect.Prefix(StateKeys.FoldedPrefix(name));
        ulong index = ConnectIndex(name, services, watches);
        return services.IsEmpty
            ? (Math.Max(index, ServiceIndex(name, exists: false, withChecks: true, watches)), [])
            : (index, WithHealth(services));
    }

    public (ulong Index, RadixRange<CheckRecord> Checks) ChecksOfNode(string node, WatchSet? watches = null) =>
        (IndexOf(IndexNames.Checks, watches), _tables.Checks.Prefix(StateKeys.FoldedPrefix(node)));

    public (ulong Index, RadixRange<CheckRecord> Checks) ChecksOfService(string name, WatchSet? watches = null) =>
        (IndexOf(IndexNames.Checks, watches), _tables.ChecksByServiceName.Prefix(StateKeys.FoldedPrefix(name)));

    /// <summary>Checks with the given status, or all for <c>any</c>.</summary>
    public (ulong Index, IEnumerable<CheckRecord> Checks) ChecksInState(string state, WatchSet? watches = null)
    {
        RadixRange<CheckRecord> all = _tables.Checks.All();
        return (
            IndexOf(IndexNames.Checks, watches),
            string.Equals(state, "any", StringComparison.Ordinal)
                ? all
                : all.Where(check => string.Equals(check.Status, state, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Checks of the node itself, without those of its services.</summary>
    public RadixRange<CheckRecord> NodeLevelChecks(string node) =>
        _tables.ChecksByService.Prefix(StateKeys.FoldedPrefix(node, string.Empty));

    public RadixRange<CheckRecord> ChecksOfInstance(string node, string serviceId) =>
        _tables.ChecksByService.Prefix(StateKeys.FoldedPrefix(node, serviceId));

    /// <summary>
    /// What Consul takes a text for that may begin a UUID: an odd last character is cut off, hyphens count for nothing, and
    /// the rest must be whole bytes in hexadecimal. Null when it is not one.
    /// </summary>
    private static string? UuidPrefix(string text)
    {
        if (text.Length is < 2 or > UuidLength)
        {
            return null;
        }

        var prefix = new StringBuilder(UuidLength);
        int digits = 0;
        foreach (char c in text.AsSpan(0, text.Length & ~1))
        {
            if (c == '-')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(c))
            {
                return null;
            }

            if (prefix.Length is 8 or 13 or 18 or 23)
            {
                prefix.Append('-');
            }

            prefix.Append(c);
            digits++;
        }

        return digits > 0 && digits % 2 == 0 ? prefix.ToString() : null;
    }

    /// <remarks>
    /// The read that everybody waits for, so it allocates its result and little else: 100 instances with two checks each
    /// took 39 µs and 26 kB when keys, lists and enumerators were made for each instance, and take 15 µs and 10 kB this way.
    /// </remarks>
    private List<HealthRecord> WithHealth(RadixRange<ServiceRecord> services)
    {
        var instances = new List<HealthRecord>();
        var checks = new List<CheckRecord>();
        var path = new Stack<RadixNode<CheckRecord>>();
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        foreach (ServiceRecord service in services)
        {
            key.Truncate(0);
            key.AppendFolded(service.Node);
            NodeRecord node = _tables.Nodes.Get(key.Bytes)
                ?? throw new StateInvariantException($"service {service.Id} stands on node {service.Node}, which does not exist");

            // Checks of the node have an empty service ID, so they come first.
            key.EndPart();
            int nodeLength = key.Length;
            key.EndPart();
            checks.Clear();
            _tables.ChecksByService.Prefix(key.Bytes).CopyTo(checks, path);
            key.Truncate(nodeLength);
            key.AppendFolded(service.Id);
            key.EndPart();
            _tables.ChecksByService.Prefix(key.Bytes).CopyTo(checks, path);
            instances.Add(new HealthRecord(node, service, checks.ToArray()));
        }

        return instances;
    }

    /// <summary>The later of the last change of the set of instances and the indexes of the services they belong to.</summary>
    private ulong ConnectIndex(string name, RadixRange<ServiceRecord> services, WatchSet? watches)
    {
        ulong index = IndexOf(IndexNames.ConnectFamily, name, watches);
        foreach (string service in services.Select(service => service.Service).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            index = Math.Max(index, IndexOf(IndexNames.ServiceFamily, service, watches));
        }

        return index;
    }

    /// <summary>
    /// The index of one service's part of the catalog. A service that has instances has its own; one that has none shares
    /// the index of the last extinction, so that unrelated registrations do not wake who waits for it to appear.
    /// </summary>
    private ulong ServiceIndex(string name, bool exists, bool withChecks, WatchSet? watches)
    {
        ulong own = IndexOf(IndexNames.ServiceFamily, name, watches);
        if (!exists && IndexOf(IndexNames.ServiceLastExtinction, watches) is > 0 and ulong extinction)
        {
            return extinction;
        }

        if (own > 0)
        {
            return own;
        }

        ulong index = Math.Max(IndexOf(IndexNames.Nodes, watches), IndexOf(IndexNames.Services, watches));
        return withChecks ? Math.Max(index, IndexOf(IndexNames.Checks, watches)) : index;
    }
}
