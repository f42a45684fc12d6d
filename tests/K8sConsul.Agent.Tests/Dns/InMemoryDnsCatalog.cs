using System.Net;
using K8sConsul.Agent.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>A catalog of a few nodes and services, with what tests want to see happen: failures, staleness, waiting.</summary>
internal sealed class InMemoryDnsCatalog : IDnsCatalog
{
    private readonly List<DnsNode> _nodes = [];
    private readonly List<(DnsInstance Instance, string[] Tags, DnsServiceKind Kind)> _instances = [];
    private readonly Dictionary<string, DnsQueryResult> _queries = new(StringComparer.OrdinalIgnoreCase);

    public ulong Index { get; set; } = 1;

    public TimeSpan LastContact { get; set; }

    public string Datacenter { get; init; } = "dc1";

    /// <summary>What every look-up ends with, instead of what is there.</summary>
    public DnsLookupStatus? Fault { get; set; }

    /// <summary>What every look-up waits for first.</summary>
    public Task? Gate { get; set; }

    public List<DnsConsistency> Consistencies { get; } = [];

    public List<DnsPreparedQuery> Executed { get; } = [];

    public int LookUps { get; private set; }

    public void Add(DnsNode node)
    {
        _nodes.RemoveAll(known => known.Name == node.Name);
        _nodes.Add(node);
        Index++;
    }

    public void Add(DnsInstance instance, params string[] tags) => Add(instance, DnsServiceKind.Service, tags);

    public void Add(DnsInstance instance, DnsServiceKind kind, params string[] tags)
    {
        if (!_nodes.Contains(instance.Node))
        {
            Add(instance.Node);
        }

        _instances.Add((instance, tags, kind));
        Index++;
    }

    public void Add(string query, DnsQueryResult result)
    {
        _queries[query] = result;
        Index++;
    }

    public ValueTask<DnsLookup<DnsNode>> FindNodeAsync(
        string datacenter,
        string name,
        DnsConsistency consistency,
        CancellationToken cancellation)
        => LookUpAsync(
            datacenter,
            consistency,
            () => _nodes.Find(node => node.Name.Equals(name, StringComparison.OrdinalIgnoreCase)),
            cancellation);

    public ValueTask<DnsLookup<IReadOnlyList<DnsInstance>>> FindInstancesAsync(
        DnsServiceQuery query,
        DnsConsistency consistency,
        CancellationToken cancellation)
        => LookUpAsync<IReadOnlyList<DnsInstance>>(
            query.Datacenter,
            consistency,
            () => [.. _instances
                .Where(entry => entry.Kind == query.Kind
                    && entry.Instance.Service.Equals(query.Service, StringComparison.OrdinalIgnoreCase)
                    && (query.Tag.Length == 0 || entry.Tags.Contains(query.Tag, StringComparer.OrdinalIgnoreCase)))
                .Select(entry => entry.Instance)],
            cancellation);

    public ValueTask<DnsLookup<DnsReverseMatch>> FindByAddressAsync(
        IPAddress address,
        DnsConsistency consistency,
        CancellationToken cancellation)
        => LookUpAsync(
            Datacenter,
            consistency,
            () =>
            {
                string text = address.ToString();
                return _nodes.Find(known => known.Address == text) is { } node
                    ? new DnsReverseMatch(node.Name, IsService: false, node.Datacenter)
                    : _instances.Find(entry => entry.Instance.Address == text).Instance is { } instance
                        ? new DnsReverseMatch(instance.Service, IsService: true, instance.Node.Datacenter)
                        : null;
            },
            cancellation);

    public ValueTask<DnsLookup<DnsQueryResult>> ExecuteQueryAsync(
        DnsPreparedQuery query,
        DnsConsistency consistency,
        CancellationToken cancellation)
    {
        Executed.Add(query);
        return LookUpAsync(query.Datacenter, consistency, () => _queries.GetValueOrDefault(query.NameOrId), cancellation);
    }

    private async ValueTask<DnsLookup<T>> LookUpAsync<T>(
        string datacenter,
        DnsConsistency consistency,
        Func<T?> find,
        CancellationToken cancellation)
        where T : class
    {
        ulong index = Index;
        LookUps++;
        Consistencies.Add(consistency);
        if (Gate is { } gate)
        {
            await gate.WaitAsync(cancellation);
        }

        if (Fault is { } fault)
        {
            return DnsLookup<T>.Without(fault);
        }

        if (!datacenter.Equals(Datacenter, StringComparison.OrdinalIgnoreCase))
        {
            return DnsLookup<T>.Without(DnsLookupStatus.UnknownDatacenter);
        }

        TimeSpan lastContact = consistency.AllowStale ? LastContact : TimeSpan.Zero;
        return find() is { } found
            ? DnsLookup<T>.Found(found, index, lastContact)
            : DnsLookup<T>.Without(DnsLookupStatus.NotFound, index);
    }
}
