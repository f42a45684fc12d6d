using System.Net;
using System.Text.Json;
using K8sConsul.Contracts.Model;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Dns;

/// <summary>A client's catalog for DNS: asks a server by the calls that any client makes.</summary>
internal sealed class RpcDnsCatalog(IClusterApi cluster, Func<ApiSource> source, string datacenter) : IDnsCatalog
{
    /// <summary>A client does not see the servers' indexes move, so no answer is kept.</summary>
    public ulong Index => 0;

    public TimeSpan LastContact => TimeSpan.Zero;

    public async ValueTask<DnsLookup<DnsNode>> FindNodeAsync(string datacenterAsked, string name, DnsConsistency consistency, CancellationToken cancellation)
    {
        if (!IsLocal(datacenterAsked))
        {
            return DnsLookup<DnsNode>.Without(DnsLookupStatus.UnknownDatacenter);
        }

        using ApiResponse? answer = await CallAsync($"/v1/catalog/node/{name}", consistency, cancellation).ConfigureAwait(false);
        if (answer is null)
        {
            return DnsLookup<DnsNode>.Without(DnsLookupStatus.Failed);
        }

        CatalogNodeServices? found = JsonSerializer.Deserialize(answer.Body.Span, ConsulJsonContext.Default.CatalogNodeServices);

        // The endpoint also finds nodes by ID, which names of DNS do not.
        return found?.Node is { } node && string.Equals(node.Node, name, StringComparison.OrdinalIgnoreCase)
            ? DnsLookup<DnsNode>.Found(Node(node), index: 0)
            : DnsLookup<DnsNode>.Without(DnsLookupStatus.NotFound);
    }

    public async ValueTask<DnsLookup<IReadOnlyList<DnsInstance>>> FindInstancesAsync(
        DnsServiceQuery query, DnsConsistency consistency, CancellationToken cancellation)
    {
        if (!IsLocal(query.Datacenter))
        {
            return DnsLookup<IReadOnlyList<DnsInstance>>.Without(DnsLookupStatus.UnknownDatacenter);
        }

        if (query.Kind == DnsServiceKind.Ingress)
        {
            return DnsLookup<IReadOnlyList<DnsInstance>>.Without(DnsLookupStatus.NotSupported);
        }

        string endpoint = query.Kind == DnsServiceKind.Connect ? "connect" : "service";
        using ApiResponse? answer = await CallAsync($"/v1/health/{endpoint}/{query.Service}", consistency, cancellation, query.Tag).ConfigureAwait(false);
        if (answer is null)
        {
            return DnsLookup<IReadOnlyList<DnsInstance>>.Without(DnsLookupStatus.Failed);
        }

        List<ServiceEntry> entries = JsonSerializer.Deserialize(answer.Body.Span, ConsulJsonContext.Default.ListServiceEntry) ?? [];
        return DnsLookup<IReadOnlyList<DnsInstance>>.Found(entries.ConvertAll(Instance), index: 0);
    }

    public async ValueTask<DnsLookup<DnsReverseMatch>> FindByAddressAsync(IPAddress address, DnsConsistency consistency, CancellationToken cancellation)
    {
        string text = address.ToString();
        using ApiResponse? nodes = await CallAsync("/v1/catalog/nodes", consistency, cancellation).ConfigureAwait(false);
        if (nodes is null)
        {
            return DnsLookup<DnsReverseMatch>.Without(DnsLookupStatus.Failed);
        }

        foreach (CatalogNode node in JsonSerializer.Deserialize(nodes.Body.Span, ConsulJsonContext.Default.ListCatalogNode) ?? [])
        {
            if (string.Equals(node.Address, text, StringComparison.Ordinal))
            {
                return DnsLookup<DnsReverseMatch>.Found(new DnsReverseMatch(node.Node, IsService: false, datacenter), index: 0);
            }
        }

        return await FindServiceByAddressAsync(text, consistency, cancellation).ConfigureAwait(false);
    }

    public ValueTask<DnsLookup<DnsQueryResult>> ExecuteQueryAsync(DnsPreparedQuery query, DnsConsistency consistency, CancellationToken cancellation) =>
        ValueTask.FromResult(DnsLookup<DnsQueryResult>.Without(DnsLookupStatus.NotSupported));

    private async ValueTask<DnsLookup<DnsReverseMatch>> FindServiceByAddressAsync(string address, DnsConsistency consistency, CancellationToken cancellation)
    {
        using ApiResponse? services = await CallAsync("/v1/catalog/services", consistency, cancellation).ConfigureAwait(false);
        if (services is null)
        {
            return DnsLookup<DnsReverseMatch>.Without(DnsLookupStatus.Failed);
        }

        Dictionary<string, List<string>> names = JsonSerializer.Deserialize(services.Body.Span, ConsulJsonContext.Default.DictionaryStringListString) ?? [];
        foreach (string name in names.Keys.Order(StringComparer.Ordinal))
        {
            using ApiResponse? instances = await CallAsync($"/v1/catalog/service/{name}", consistency, cancellation).ConfigureAwait(false);
            if (instances is not null
                && JsonSerializer.Deserialize(instances.Body.Span, ConsulJsonContext.Default.ListCatalogService) is { } rows
                && rows.Exists(row => string.Equals(row.ServiceAddress, address, StringComparison.Ordinal)))
            {
                return DnsLookup<DnsReverseMatch>.Found(new DnsReverseMatch(name, IsService: true, datacenter), index: 0);
            }
        }

        return DnsLookup<DnsReverseMatch>.Without(DnsLookupStatus.NotFound);
    }

    private async ValueTask<ApiResponse?> CallAsync(string path, DnsConsistency consistency, CancellationToken cancellation, string tag = "")
    {
        var query = new List<KeyValuePair<string, string>>();
        if (consistency.AllowStale)
        {
            query.Add(new("stale", string.Empty));
        }

        if (tag.Length > 0)
        {
            query.Add(new("tag", tag));
        }

        ApiResponse answer = await cluster.InvokeAsync(
            new ApiRequest { Method = "GET", Path = path, Query = ApiQuery.Of(query), Source = source() }, cancellation).ConfigureAwait(false);
        if (answer.Status == 200)
        {
            return answer;
        }

        answer.Dispose();
        return null;
    }

    private static DnsNode Node(CatalogNode node) => new(node.Node, node.Datacenter, node.Address)
    {
        TaggedAddresses = node.TaggedAddresses ?? DnsEmpty.Texts,
        Meta = node.Meta ?? DnsEmpty.Texts,
    };

    private static DnsInstance Instance(ServiceEntry entry)
    {
        DnsHealth worst = DnsHealth.Passing;
        foreach (HealthCheck check in entry.Checks)
        {
            DnsHealth health = check.Status switch
            {
                "critical" => DnsHealth.Critical,
                "warning" => DnsHealth.Warning,
                _ => DnsHealth.Passing,
            };
            worst = health > worst ? health : worst;
        }

        return new DnsInstance(Node(entry.Node), entry.Service.Service, entry.Service.Address, entry.Service.Port, worst)
        {
            TaggedAddresses = entry.Service.TaggedAddresses?
                .ToDictionary(t => t.Key, t => new DnsServiceAddress(t.Value.Address, t.Value.Port), StringComparer.Ordinal) ?? DnsEmpty.Addresses,
            WeightPassing = entry.Service.Weights?.Passing ?? 1,
            WeightWarning = entry.Service.Weights?.Warning ?? 1,
        };
    }

    private bool IsLocal(string asked) => asked.Length == 0 || string.Equals(asked, datacenter, StringComparison.OrdinalIgnoreCase);
}
