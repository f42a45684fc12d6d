using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>What the members of a pool said to a keyring operation.</summary>
public sealed record KeyringAnswer
{
    /// <summary>Members asked: all that are alive.</summary>
    public int NodeCount { get; init; }

    /// <summary>Members that answered.</summary>
    public int ResponseCount { get; init; }

    /// <summary>Members that answered with a failure.</summary>
    public int ErrorCount { get; init; }

    /// <summary>By member name: failures, and remarks of those that succeeded.</summary>
    public ImmutableSortedDictionary<string, string> Messages { get; init; } = GossipTags.Empty;

    /// <summary>Base64 key to the number of members that have it.</summary>
    public ImmutableSortedDictionary<string, int> Keys { get; init; } = NoCounts;

    /// <summary>Base64 key to the number of members that encrypt with it.</summary>
    public ImmutableSortedDictionary<string, int> PrimaryKeys { get; init; } = NoCounts;

    /// <summary>Null when every member succeeded; otherwise Serf's text, for example <c>1/3 nodes reported failure</c>.</summary>
    public string? Error => (ErrorCount, ResponseCount) switch
    {
        ( > 0, _) => $"{ErrorCount}/{NodeCount} nodes reported failure",
        (_, var responses) when responses != NodeCount => $"{ResponseCount}/{NodeCount} nodes reported success",
        _ => null,
    };

    private static ImmutableSortedDictionary<string, int> NoCounts { get; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}
