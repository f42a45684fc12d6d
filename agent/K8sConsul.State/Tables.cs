using K8sConsul.State.Radix;
using K8sConsul.State.Records;

namespace K8sConsul.State;

/// <summary>The last Raft index that touched a table or a named part of one.</summary>
public sealed record IndexRecord(string Name, ulong Value);

/// <summary>Names in the index table, as Consul names them.</summary>
internal static class IndexNames
{
    public const string Nodes = "nodes";
    public const string Services = "services";
    public const string Checks = "checks";
    public const string Kv = "kvs";
    public const string Tombstones = "tombstones";
    public const string Sessions = "sessions";
    public const string Coordinates = "coordinates";

    /// <summary>When a service name last lost its last instance; watchers of absent services wait on it.</summary>
    public const string ServiceLastExtinction = "service_last_extinction";

    public static string Service(string name) => "service." + name;
}

/// <summary>All tables of one version of the state. Replaced as a whole; never changed.</summary>
internal sealed record Tables
{
    public static readonly Tables Empty = new();

    /// <summary>By name, folded.</summary>
    public RadixTree<NodeRecord> Nodes { get; init; } = RadixTree<NodeRecord>.Empty;

    /// <summary>By UUID, folded; nodes without one are absent.</summary>
    public RadixTree<NodeRecord> NodesById { get; init; } = RadixTree<NodeRecord>.Empty;

    /// <summary>By node, service ID.</summary>
    public RadixTree<ServiceRecord> Services { get; init; } = RadixTree<ServiceRecord>.Empty;

    /// <summary>By service name, node, service ID.</summary>
    public RadixTree<ServiceRecord> ServicesByName { get; init; } = RadixTree<ServiceRecord>.Empty;

    /// <summary>By destination service name, node, service ID: proxies, and instances that are mesh-capable themselves.</summary>
    public RadixTree<ServiceRecord> ServicesByConnect { get; init; } = RadixTree<ServiceRecord>.Empty;

    /// <summary>By node, check ID.</summary>
    public RadixTree<CheckRecord> Checks { get; init; } = RadixTree<CheckRecord>.Empty;

    /// <summary>By node, service ID (empty for checks of the node), check ID.</summary>
    public RadixTree<CheckRecord> ChecksByService { get; init; } = RadixTree<CheckRecord>.Empty;

    /// <summary>By service name, node, check ID; checks of nodes are absent.</summary>
    public RadixTree<CheckRecord> ChecksByServiceName { get; init; } = RadixTree<CheckRecord>.Empty;

    /// <summary>By key, exact.</summary>
    public RadixTree<KvRecord> Kv { get; init; } = RadixTree<KvRecord>.Empty;

    /// <summary>By session, key; locked entries only.</summary>
    public RadixTree<KvRecord> KvBySession { get; init; } = RadixTree<KvRecord>.Empty;

    /// <summary>By key or deleted prefix, exact.</summary>
    public RadixTree<TombstoneRecord> Tombstones { get; init; } = RadixTree<TombstoneRecord>.Empty;

    /// <summary>By ID.</summary>
    public RadixTree<SessionRecord> Sessions { get; init; } = RadixTree<SessionRecord>.Empty;

    /// <summary>By node, ID.</summary>
    public RadixTree<SessionRecord> SessionsByNode { get; init; } = RadixTree<SessionRecord>.Empty;

    /// <summary>By node, check ID, session ID.</summary>
    public RadixTree<SessionRecord> SessionsByCheck { get; init; } = RadixTree<SessionRecord>.Empty;

    /// <summary>By node, segment.</summary>
    public RadixTree<CoordinateRecord> Coordinates { get; init; } = RadixTree<CoordinateRecord>.Empty;

    /// <summary>By name, folded.</summary>
    public RadixTree<IndexRecord> Indexes { get; init; } = RadixTree<IndexRecord>.Empty;
}
