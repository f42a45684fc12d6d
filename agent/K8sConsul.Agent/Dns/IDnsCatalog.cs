using System.Net;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// Where the DNS server looks things up: the state store on servers, RPC to them on clients. Applies the ACL rights of the agent's
/// DNS token: what that may not see is not found. Names and tags compare without regard to case. Values handed out never change.
/// </summary>
/// <remarks>
/// Look-ups complete at once where the data is at hand. Failures to reach a server are <see cref="DnsLookupStatus.Failed"/>, not
/// exceptions; an exception out of here is a bug and is answered with SERVFAIL.
/// </remarks>
internal interface IDnsCatalog
{
    /// <summary>
    /// Moves whenever an answer given so far may have become wrong: the store's last index, on servers. 0 where that cannot be
    /// known; then every query is looked up. Read for every query by many threads.
    /// </summary>
    ulong Index { get; }

    /// <summary>Age of the data at hand: time since the leader was last heard; zero on the leader itself. Read for every query.</summary>
    TimeSpan LastContact { get; }

    /// <summary>A node by name.</summary>
    ValueTask<DnsLookup<DnsNode>> FindNodeAsync(string datacenter, string name, DnsConsistency consistency, CancellationToken cancellation);

    /// <summary>
    /// The instances of a service, healthy or not, in any order. Servers of a datacenter are those of the service <c>consul</c>.
    /// An unknown service, and one of which no instance has the tag, is an empty list or <see cref="DnsLookupStatus.NotFound"/>.
    /// </summary>
    ValueTask<DnsLookup<IReadOnlyList<DnsInstance>>> FindInstancesAsync(
        DnsServiceQuery query,
        DnsConsistency consistency,
        CancellationToken cancellation);

    /// <summary>The first node of the local datacenter with this very address, else the first service instance with it.</summary>
    ValueTask<DnsLookup<DnsReverseMatch>> FindByAddressAsync(
        IPAddress address,
        DnsConsistency consistency,
        CancellationToken cancellation);

    /// <summary>Executes a prepared query by name or ID; an unknown one is <see cref="DnsLookupStatus.NotFound"/>.</summary>
    ValueTask<DnsLookup<DnsQueryResult>> ExecuteQueryAsync(
        DnsPreparedQuery query,
        DnsConsistency consistency,
        CancellationToken cancellation);
}

/// <summary>How fresh a look-up has to be; see the options of the same names.</summary>
internal readonly record struct DnsConsistency(bool AllowStale, TimeSpan MaxStale, bool UseCache, TimeSpan CacheMaxAge);

/// <summary>How a look-up went.</summary>
internal enum DnsLookupStatus
{
    Found,
    NotFound,

    /// <summary>No such datacenter is known; answered like a name that does not exist.</summary>
    UnknownDatacenter,

    /// <summary>This catalog cannot look up such things; answered like a name that does not exist.</summary>
    NotSupported,

    /// <summary>No server could be reached, or it failed; answered with SERVFAIL.</summary>
    Failed,
}

/// <summary>The outcome of a look-up.</summary>
/// <param name="Status">How it went.</param>
/// <param name="Value">What was found; set if and only if <see cref="DnsLookupStatus.Found"/>.</param>
/// <param name="Index">The <see cref="IDnsCatalog.Index"/> before the look-up; answers made of it are kept while that stays. 0: they are
/// not kept (another datacenter's data, random or distance-sorted results).</param>
/// <param name="LastContact">Age of the data.</param>
internal readonly record struct DnsLookup<T>(DnsLookupStatus Status, T? Value, ulong Index, TimeSpan LastContact)
    where T : class
{
    public static DnsLookup<T> Found(T value, ulong index, TimeSpan lastContact = default)
        => new(DnsLookupStatus.Found, value, index, lastContact);

    public static DnsLookup<T> Without(DnsLookupStatus status, ulong index = 0) => new(status, null, index, TimeSpan.Zero);
}

/// <summary>Which of a service's instances are asked for.</summary>
internal enum DnsServiceKind
{
    /// <summary>The service's own instances.</summary>
    Service,

    /// <summary>Its sidecar proxies and the instances that speak Connect themselves.</summary>
    Connect,

    /// <summary>The ingress gateways that expose it.</summary>
    Ingress,
}

/// <summary>A look-up of a service.</summary>
/// <param name="Datacenter">In lower case, as asked.</param>
/// <param name="Service">In lower case, as asked.</param>
/// <param name="Tag">In lower case; empty: any.</param>
/// <param name="Kind">Which instances.</param>
internal sealed record DnsServiceQuery(string Datacenter, string Service, string Tag, DnsServiceKind Kind);

/// <summary>A look-up by a prepared query.</summary>
/// <param name="Datacenter">Where to execute it.</param>
/// <param name="NameOrId">In lower case, as asked.</param>
/// <param name="Source">For <c>Near = "_ip"</c>: the client's subnet or else the client.</param>
internal sealed record DnsPreparedQuery(string Datacenter, string NameOrId, IPAddress? Source);

/// <summary>A node as DNS shows it.</summary>
internal sealed record DnsNode(string Name, string Datacenter, string Address)
{
    /// <summary>By <c>lan_ipv4</c>, <c>lan_ipv6</c>, <c>wan</c>, <c>wan_ipv4</c>, <c>wan_ipv6</c>.</summary>
    public IReadOnlyDictionary<string, string> TaggedAddresses { get; init; } = DnsEmpty.Texts;

    public IReadOnlyDictionary<string, string> Meta { get; init; } = DnsEmpty.Texts;
}

internal readonly record struct DnsServiceAddress(string Address, int Port);

/// <summary>The worst of an instance's checks and its node's; an instance without checks is passing.</summary>
internal enum DnsHealth
{
    Passing,
    Warning,

    /// <summary>Also maintenance mode. Never in an answer.</summary>
    Critical,
}

/// <summary>One instance of a service as DNS shows it.</summary>
/// <param name="Node">Where it runs.</param>
/// <param name="Service">Its service name.</param>
/// <param name="Address">Its own address, an IP or a host name; empty: the node's.</param>
/// <param name="Port">Its port.</param>
/// <param name="Health">Of all checks that count for it.</param>
internal sealed record DnsInstance(DnsNode Node, string Service, string Address, int Port, DnsHealth Health)
{
    public IReadOnlyDictionary<string, DnsServiceAddress> TaggedAddresses { get; init; } = DnsEmpty.Addresses;

    public int WeightPassing { get; init; } = 1;

    public int WeightWarning { get; init; } = 1;
}

/// <summary>Who has an address.</summary>
/// <param name="Name">A node's or a service's name.</param>
/// <param name="IsService">Which of both.</param>
/// <param name="Datacenter">Its datacenter.</param>
internal sealed record DnsReverseMatch(string Name, bool IsService, string Datacenter);

/// <summary>What a prepared query gave.</summary>
/// <param name="Datacenter">Where the instances are: another one than asked after a fail-over.</param>
/// <param name="Service">The service that the query is about.</param>
/// <param name="Ttl">The query's own time to live; null: the service's.</param>
/// <param name="Instances">Already filtered, and in the order to answer them.</param>
internal sealed record DnsQueryResult(string Datacenter, string Service, TimeSpan? Ttl, IReadOnlyList<DnsInstance> Instances);

internal static class DnsEmpty
{
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, DnsServiceAddress> Addresses { get; }
        = new Dictionary<string, DnsServiceAddress>(StringComparer.Ordinal);
}
