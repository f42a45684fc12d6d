using System.Globalization;

namespace K8sConsul.Contracts.Client;

/// <summary>What any read, and partly any write, may ask for. Null or false asks for the agent's default.</summary>
public sealed record QueryOptions
{
    public static QueryOptions None { get; } = new();

    public string? Datacenter { get; init; }

    /// <summary>Consul's Enterprise namespaces: sent as given, and refused by a Community agent.</summary>
    public string? Namespace { get; init; }

    /// <summary>Enterprise's admin partition: sent as given.</summary>
    public string? Partition { get; init; }

    /// <summary>The peered cluster whose exported services are asked for, where the agent knows peerings.</summary>
    public string? Peer { get; init; }

    /// <summary>Enterprise's group of partitions and peers: sent as given. Never together with <see cref="Peer"/>.</summary>
    public string? SamenessGroup { get; init; }

    /// <summary>Any server may answer, however old its state.</summary>
    public bool AllowStale { get; init; }

    /// <summary>The leader makes sure that it still is one before it answers.</summary>
    public bool RequireConsistent { get; init; }

    /// <summary>Wait until the answer's index is greater. Zero does not wait.</summary>
    public ulong WaitIndex { get; init; }

    /// <summary>How long to wait for that; null takes the agent's default of five minutes.</summary>
    public TimeSpan? WaitTime { get; init; }

    /// <summary>Sort by round-trip time from this node; <c>_agent</c> is the agent's.</summary>
    public string? Near { get; init; }

    /// <summary>A filter expression.</summary>
    public string? Filter { get; init; }

    /// <summary>Every pair must be among the node's metadata.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> NodeMeta { get; init; } = [];

    internal void AppendTo(QueryString query)
    {
        query.AddUnlessEmpty("dc", Datacenter);
        query.AddUnlessEmpty("ns", Namespace);
        query.AddUnlessEmpty("partition", Partition);
        query.AddUnlessEmpty("peer", Peer);
        query.AddUnlessEmpty("sameness-group", SamenessGroup);
        query.AddUnlessEmpty("near", Near);
        query.AddUnlessEmpty("filter", Filter);
        query.AddFlag("stale", AllowStale);
        query.AddFlag("consistent", RequireConsistent);
        if (WaitIndex != 0)
        {
            query.Add("index", WaitIndex.ToString(CultureInfo.InvariantCulture));
        }

        if (WaitTime is { } wait)
        {
            query.Add("wait", ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms");
        }

        foreach ((string key, string value) in NodeMeta)
        {
            query.Add("node-meta", $"{key}:{value}");
        }
    }
}
