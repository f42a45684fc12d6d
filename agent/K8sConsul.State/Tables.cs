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

    /// <summary>Followed by the name of a service that has instances.</summary>
    public const string ServiceFamily = "service.";

    /// <summary>
    /// When the set of mesh-capable instances for a service last changed. Consul keeps no such index and so misses that
    /// one of several proxies, or of their services, has gone.
    /// </summary>
    public const string ConnectFamily = "connect.";
}

/// <summary>All tables of one version of the state. Replaced as a whole; never changed.</summary>
internal sealed record Tables
{
    /// <summary>By name, folded.</summary>
    public required RadixTree<NodeRecord> Nodes { get; init; }

    /// <summary>By UUID, folded; nodes without one are absent.</summary>
    public required RadixTree<NodeRecord> NodesById { get; init; }

    /// <summary>By node, service ID.</summary>
    public required RadixTree<ServiceRecord> Services { get; init; }

    /// <summary>By service name, node, service ID.</summary>
    public required RadixTree<ServiceRecord> ServicesByName { get; init; }

    /// <summary>By destination service name, node, service ID: proxies, and instances that are mesh-capable themselves.</summary>
    public required RadixTree<ServiceRecord> ServicesByConnect { get; init; }

    /// <summary>By node, check ID.</summary>
    public required RadixTree<CheckRecord> Checks { get; init; }

    /// <summary>By node, service ID (empty for checks of the node), check ID.</summary>
    public required RadixTree<CheckRecord> ChecksByService { get; init; }

    /// <summary>By service name, node, check ID; checks of nodes are absent.</summary>
    public required RadixTree<CheckRecord> ChecksByServiceName { get; init; }

    /// <summary>By key, exact.</summary>
    public required RadixTree<KvRecord> Kv { get; init; }

    /// <summary>By session, key; locked entries only.</summary>
    public required RadixTree<KvRecord> KvBySession { get; init; }

    /// <summary>By key or deleted prefix, exact.</summary>
    public required RadixTree<TombstoneRecord> Tombstones { get; init; }

    /// <summary>By ID.</summary>
    public required RadixTree<SessionRecord> Sessions { get; init; }

    /// <summary>By node, ID.</summary>
    public required RadixTree<SessionRecord> SessionsByNode { get; init; }

    /// <summary>By node, check ID, session ID.</summary>
    public required RadixTree<SessionRecord> SessionsByCheck { get; init; }

    /// <summary>By node, segment.</summary>
    public required RadixTree<CoordinateRecord> Coordinates { get; init; }

    /// <summary>Null until a leader has written the first.</summary>
    public AutopilotRecord? Autopilot { get; init; }

    /// <summary>By name, folded.</summary>
    public required RadixTree<IndexRecord> Indexes { get; init; }

    public static Tables CreateEmpty() => new()
    {
        Nodes = RadixTree<NodeRecord>.CreateEmpty(),
        NodesById = RadixTree<NodeRecord>.CreateEmpty(),
        Services = RadixTree<ServiceRecord>.CreateEmpty(),
        ServicesByName = RadixTree<ServiceRecord>.CreateEmpty(),
        ServicesByConnect = RadixTree<ServiceRecord>.CreateEmpty(),
        Checks = RadixTree<CheckRecord>.CreateEmpty(),
        ChecksByService = RadixTree<CheckRecord>.CreateEmpty(),
        ChecksByServiceName = RadixTree<CheckRecord>.CreateEmpty(),
        Kv = RadixTree<KvRecord>.CreateEmpty(),
        KvBySession = RadixTree<KvRecord>.CreateEmpty(),
        Tombstones = RadixTree<TombstoneRecord>.CreateEmpty(),
        Sessions = RadixTree<SessionRecord>.CreateEmpty(),
        SessionsByNode = RadixTree<SessionRecord>.CreateEmpty(),
        SessionsByCheck = RadixTree<SessionRecord>.CreateEmpty(),
        Coordinates = RadixTree<CoordinateRecord>.CreateEmpty(),
        Indexes = RadixTree<IndexRecord>.CreateEmpty(),
    };
}
