using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>
/// The catalog as anti-entropy needs it: one seam to the servers. Implementations answer refusals and failures of the
/// servers as a <see cref="CatalogAnswer"/>; only a cancelled <c>stop</c> throws.
/// </summary>
public interface ICatalogSync
{
    /// <summary>
    /// The node's row, services and checks (<c>Catalog.NodeServices</c> and <c>Health.NodeChecks</c>), stale by at most 2 s.
    /// </summary>
    ValueTask<RemoteRead> ReadAsync(string token, CancellationToken stop);

    /// <summary><c>Catalog.Register</c>: the node's row, with at most one service and any number of checks, all or nothing.</summary>
    ValueTask<CatalogAnswer> RegisterAsync(CatalogRegistration registration, CancellationToken stop);

    /// <summary><c>Catalog.Deregister</c> of one service or one check of this node.</summary>
    ValueTask<CatalogAnswer> DeregisterAsync(CatalogDeregistration deregistration, CancellationToken stop);
}

/// <summary>What became of a request to the catalog.</summary>
public enum CatalogOutcome
{
    Done,

    /// <summary><c>Permission denied</c>: the token may not. Retried with the next full sync only.</summary>
    PermissionDenied,

    /// <summary><c>ACL not found</c>: there is no such token. Retried with the next full sync only.</summary>
    AclNotFound,

    /// <summary><c>Unknown service</c>, <c>Unknown check</c>: nothing to deregister, which is as good as done.</summary>
    Unknown,

    /// <summary>Anything else: no leader, no servers, a broken connection.</summary>
    Failed,
}

/// <summary>The outcome of a request and the server's text, which is empty when done.</summary>
public readonly record struct CatalogAnswer(CatalogOutcome Outcome, string Error)
{
    public static readonly CatalogAnswer Done = new(CatalogOutcome.Done, "");
}

/// <summary>The outcome of reading, and the node unless it failed.</summary>
public readonly record struct RemoteRead(CatalogAnswer Answer, RemoteNode? Node);

/// <summary>The node as the catalog has it.</summary>
public sealed record RemoteNode
{
    /// <summary>Null when the catalog does not know the node.</summary>
    public NodeInfo? Info { get; init; }

    /// <summary>By id; checks and tokens of the definitions are not looked at.</summary>
    public ImmutableSortedDictionary<string, ServiceDefinition> Services { get; init; } =
        ImmutableSortedDictionary.Create<string, ServiceDefinition>(StringComparer.Ordinal);

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<string, RemoteCheck> Checks { get; init; } = ImmutableSortedDictionary.Create<string, RemoteCheck>(StringComparer.Ordinal);
}

/// <summary>A check as the catalog has it.</summary>
public sealed record RemoteCheck
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>As stored: the catalog takes any text.</summary>
    public string Status { get; init; } = "";

    public string Notes { get; init; } = "";

    public string Output { get; init; } = "";

    public string ServiceId { get; init; } = "";

    public string ServiceName { get; init; } = "";

    public ImmutableArray<string> ServiceTags { get; init; } = [];

    public string Type { get; init; } = "";
}

/// <summary>What to write into the catalog in one transaction.</summary>
public sealed record CatalogRegistration
{
    public required NodeInfo Node { get; init; }

    /// <summary>The node's row is known to be right and need not be written.</summary>
    public required bool SkipNodeUpdate { get; init; }

    public ServiceDefinition? Service { get; init; }

    public ImmutableArray<LocalCheck> Checks { get; init; } = [];

    public required string Token { get; init; }
}

/// <summary>Exactly one of the two ids is not empty.</summary>
public sealed record CatalogDeregistration(string NodeName, string ServiceId, string CheckId, string Token);

/// <summary>The agent's tokens; each may be empty. Asked for each request, because they can be changed while running.</summary>
public interface ISyncTokens
{
    /// <summary><c>acl.tokens.agent</c>.</summary>
    string Agent { get; }

    /// <summary><c>acl.tokens.default</c>.</summary>
    string Default { get; }

    /// <summary><c>acl.tokens.config_file_service_registration</c>.</summary>
    string ConfigFileRegistration { get; }
}
