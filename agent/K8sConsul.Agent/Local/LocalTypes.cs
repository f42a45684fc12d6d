using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>Who registered a service or check. Only what the API registered is saved under the data directory.</summary>
public enum RegistrationSource
{
    Config,
    Api,
}

/// <summary>A random time from zero up to, not including, <paramref name="max"/>; spreads work of many agents or checks.</summary>
public delegate TimeSpan Stagger(TimeSpan max);

/// <summary>A request that cannot be met, with Consul's text.</summary>
public sealed record Refusal(RefusalKind Kind, string Text)
{
    public static Refusal BadRequest(string text) => new(RefusalKind.BadRequest, text);

    public static Refusal Internal(string text) => new(RefusalKind.Internal, text);
}

/// <summary>Which HTTP status a refusal gets: Consul answers much of this with 500, and clients know it so.</summary>
public enum RefusalKind
{
    BadRequest,
    NotFound,
    Internal,
}

/// <summary>The node's own row of the catalog.</summary>
public sealed record NodeInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Address { get; init; }

    public ImmutableSortedDictionary<string, string> TaggedAddresses { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Meta { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public bool Equals(NodeInfo? other) =>
        other is not null
        && string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Address, other.Address, StringComparison.Ordinal)
        && TaggedAddresses.SequenceEqual(other.TaggedAddresses)
        && Meta.SequenceEqual(other.Meta);

    public override int GetHashCode() => HashCode.Combine(Id, Name, Address);
}

/// <summary>A service of this agent.</summary>
public sealed record LocalService
{
    /// <summary>Normalized: with id and tagged addresses. Its checks are entries of their own.</summary>
    public required ServiceDefinition Definition { get; init; }

    public required RegistrationSource Source { get; init; }

    /// <summary>Changes whenever anything that the agent's API shows of the service changes; lower-case hex.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The catalog is believed to hold the same.</summary>
    public bool InSync { get; init; }

    /// <summary>Moves with each change, so that a finished sync marks only what it has sent.</summary>
    public long Revision { get; init; }

    public string Id => Definition.Id;

    public string Token => Definition.Token;
}

/// <summary>A check of this agent, with its current status.</summary>
public sealed record LocalCheck
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string Notes { get; init; } = "";

    public CheckStatus Status { get; init; } = CheckStatus.Critical;

    public string Output { get; init; } = "";

    /// <summary>Empty for a check of the node.</summary>
    public string ServiceId { get; init; } = "";

    public string ServiceName { get; init; } = "";

    public ImmutableArray<string> ServiceTags { get; init; } = [];

    /// <summary>The API's word for the kind; <c>maintenance</c> for the two checks of maintenance mode.</summary>
    public string Type { get; init; } = "";

    /// <summary>What runs it; null for maintenance mode.</summary>
    public CheckDefinition? Definition { get; init; }

    public string Token { get; init; } = "";

    public required RegistrationSource Source { get; init; }

    /// <summary>When the status became critical, on the monotonic clock of the state; null while it is not.</summary>
    public long? CriticalSince { get; init; }

    public bool InSync { get; init; }

    /// <summary>The output has changed without the status and waits for its turn to be synced.</summary>
    public bool OutputDeferred { get; init; }

    public long Revision { get; init; }
}
