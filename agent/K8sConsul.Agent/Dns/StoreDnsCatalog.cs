using System.Net;
using K8sConsul.State;
using K8sConsul.State.Records;

namespace K8sConsul.Agent.Dns;

/// <summary>A server's catalog for DNS: straight from its state.</summary>
internal sealed class StoreDnsCatalog(StateStore store, Func<TimeSpan> lastContact, string datacenter) : IDnsCatalog
{
    /// <summary>Bits that are left to indexes below the number of restores.</summary>
    private const int IndexBits = 48;

    public ulong Index => StampOf(store.Current);

    public TimeSpan LastContact => lastContact();

    public ValueTask<DnsLookup<DnsNode>> FindNodeAsync(string datacenterAsked, string name, DnsConsistency consistency, CancellationToken cancellation)
    {
        if (!IsLocal(datacenterAsked))
        {
            return ValueTask.FromResult(DnsLookup<DnsNode>.Without(DnsLookupStatus.UnknownDatacenter));
        }

        StateSnapshot state = store.Current;
        return ValueTask.FromResult(state.Node(name) is { } node
            ? DnsLookup<DnsNode>.Found(DnsRecords.Node(node), StampOf(state), LastContact)
            : DnsLookup<DnsNode>.Without(DnsLookupStatus.NotFound, StampOf(state)));
    }

    public ValueTask<DnsLookup<IReadOnlyList<DnsInstance>>> FindInstancesAsync(
        DnsServiceQuery query, DnsConsistency consistency, CancellationToken cancellation)
    {
        if (!IsLocal(query.Datacenter))
        {
            return ValueTask.FromResult(DnsLookup<IReadOnlyList<DnsInstance>>.Without(DnsLookupStatus.UnknownDatacenter));
        }

        StateSnapshot state = store.Current;
        IReadOnlyList<HealthRecord> instances;
        switch (query.Kind)
        {
            case DnsServiceKind.Service:
                instances = state.ServiceHealth(query.Service).Instances;
                break;
            case DnsServiceKind.Connect:
                instances = state.ConnectHealth(query.Service).Instances;
                break;
            default:
                return ValueTask.FromResult(DnsLookup<IReadOnlyList<DnsInstance>>.Without(DnsLookupStatus.NotSupported));
        }

        var found = new List<DnsInstance>(instances.Count);
        foreach (HealthRecord instance in instances)
        {
            if (query.Tag.Length == 0 || instance.Service.HasTag(query.Tag))
            {
                found.Add(DnsRecords.Instance(instance));
            }
        }

        return ValueTask.FromResult(DnsLookup<IReadOnlyList<DnsInstance>>.Found(found, StampOf(state), LastContact));
    }

    public ValueTask<DnsLookup<DnsReverseMatch>> FindByAddressAsync(IPAddress address, DnsConsistency consistency, CancellationToken cancellation)
    {
        StateSnapshot state = store.Current;
        string text = address.ToString();
        foreach (NodeRecord node in state.NodeList().Nodes)
        {
            if (string.Equals(node.Address, text, StringComparison.Ordinal))
            {
                return Found(node.Node, isService: false, state);
            }
        }

        foreach (ServiceRecord service in state.ServiceList().Services)
        {
            if (string.Equals(service.Address, text, StringComparison.Ordinal))
            {
                return Found(service.Service, isService: true, state);
            }
        }

        return ValueTask.FromResult(DnsLookup<DnsReverseMatch>.Without(DnsLookupStatus.NotFound, StampOf(state)));
    }

    public ValueTask<DnsLookup<DnsQueryResult>> ExecuteQueryAsync(DnsPreparedQuery query, DnsConsistency consistency, CancellationToken cancellation) =>
        ValueTask.FromResult(DnsLookup<DnsQueryResult>.Without(DnsLookupStatus.NotSupported));

    private ValueTask<DnsLookup<DnsReverseMatch>> Found(string name, bool isService, StateSnapshot state) =>
        ValueTask.FromResult(DnsLookup<DnsReverseMatch>.Found(new DnsReverseMatch(name, isService, datacenter), StampOf(state), LastContact));

    /// <summary>
    /// Only what DNS shows counts, so that key/value writes leave the kept answers alone; and a restored state may have the
    /// index of the one that it replaced.
    /// </summary>
    private static ulong StampOf(StateSnapshot state) =>
        state.CatalogIndex is var index and > 0 ? ((ulong)state.Restores << IndexBits) + index : 0;

    private bool IsLocal(string asked) => asked.Length == 0 || string.Equals(asked, datacenter, StringComparison.OrdinalIgnoreCase);
}
