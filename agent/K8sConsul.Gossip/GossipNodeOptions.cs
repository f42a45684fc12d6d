using System.Net;

namespace K8sConsul.Gossip;

/// <summary>Who we are, where we are reached, and whom we let in.</summary>
public sealed record GossipNodeOptions
{
    public required string Name { get; init; }

    /// <summary>What we tell others; IPv4 in 4 bytes.</summary>
    public required MemberAddress Advertise { get; init; }

    /// <summary>The port that messages without one mean (memberlist protocol 1).</summary>
    public required ushort BindPort { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = GossipTags.Empty;

    public GossipOptions Gossip { get; init; } = GossipOptions.Lan;

    /// <summary>Null without encryption.</summary>
    public Keyring? Keyring { get; init; }

    public MergeRule? MergeRule { get; init; }

    /// <summary>Null or empty allows all.</summary>
    public IReadOnlyList<IPNetwork>? AllowedCidrs { get; init; }

    /// <summary>Keep a snapshot: <see cref="AppendSnapshot"/> effects are emitted.</summary>
    public bool Snapshot { get; init; }

    /// <summary>The snapshot stays useful after a graceful leave.</summary>
    public bool RejoinAfterLeave { get; init; }

    /// <summary>Of everything random in this core.</summary>
    public required ulong Seed { get; init; }
}
