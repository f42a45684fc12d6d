namespace K8sConsul.Gossip;

/// <summary>A question to the members of the pool.</summary>
public sealed record QueryRequest
{
    public required string Name { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Only these members; empty for all.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Only members whose tag matches the (RE2) expression.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = GossipTags.Empty;

    /// <summary>Members confirm receipt before they answer.</summary>
    public bool RequestAck { get; init; }

    /// <summary>0 to 5: answers also come by way of that many other members.</summary>
    public byte RelayFactor { get; init; }

    /// <summary>Null: by the size of the pool, see <see cref="GossipOptions.QueryTimeoutMult"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}
