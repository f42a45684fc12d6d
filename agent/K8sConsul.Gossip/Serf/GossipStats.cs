using System.Globalization;

namespace K8sConsul.Gossip;

/// <summary>Figures about a pool, as Consul shows them under <c>serf_lan</c> and <c>serf_wan</c> in <c>/v1/agent/self</c>.</summary>
public sealed record GossipStats
{
    public int Members { get; init; }

    public int Failed { get; init; }

    public int Left { get; init; }

    /// <summary>0 is healthy; above it our own probes are slowed because we doubt ourselves.</summary>
    public int HealthScore { get; init; }

    public ulong MemberTime { get; init; }

    public ulong EventTime { get; init; }

    public ulong QueryTime { get; init; }

    public int IntentQueue { get; init; }

    public int EventQueue { get; init; }

    public int QueryQueue { get; init; }

    public bool Encrypted { get; init; }

    public int CoordinateResets { get; init; }

    /// <summary>Consul's names and texts, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToConsulStats() =>
    [
        new("coordinate_resets", Text(CoordinateResets)),
        new("encrypted", Encrypted ? "true" : "false"),
        new("event_queue", Text(EventQueue)),
        new("event_time", EventTime.ToString(CultureInfo.InvariantCulture)),
        new("failed", Text(Failed)),
        new("health_score", Text(HealthScore)),
        new("intent_queue", Text(IntentQueue)),
        new("left", Text(Left)),
        new("member_time", MemberTime.ToString(CultureInfo.InvariantCulture)),
        new("members", Text(Members)),
        new("query_queue", Text(QueryQueue)),
        new("query_time", QueryTime.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
