using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// What is known about a question, before it becomes a reply to one client: which records there are, not their order, nor how many
/// of them this client gets. Immutable, so that it can be kept and rendered by many threads.
/// </summary>
internal sealed record ResolvedAnswer
{
    public static ResolvedAnswer NoSuchName { get; } = new() { RCode = RCode.NameError, Authority = AuthorityContent.Soa };

    public static ResolvedAnswer NoRecords { get; } = new();

    public static ResolvedAnswer Failure { get; } = new() { RCode = RCode.ServerFailure };

    public static ResolvedAnswer NotImplemented { get; } = new() { RCode = RCode.NotImplemented };

    public RCode RCode { get; init; }

    /// <summary>Records in a fixed order, before those of the groups.</summary>
    public IReadOnlyList<ResourceRecord> Answers { get; init; } = [];

    public IReadOnlyList<ResourceRecord> Additional { get; init; } = [];

    /// <summary>One per instance or server.</summary>
    public IReadOnlyList<AnswerGroup> Groups { get; init; } = [];

    /// <summary>Groups come in a new random order in every reply.</summary>
    public bool IsShuffled { get; init; }

    /// <summary>Most groups in a reply.</summary>
    public int GroupsMax { get; init; } = int.MaxValue;

    /// <summary>The SOA record comes first among the answers, and the groups' records go to the authority section.</summary>
    public bool IsStartOfAuthority { get; init; }

    public AuthorityContent Authority { get; init; }

    /// <summary>Cut to size and count, as only answers about services are; without answers it gets a SOA record (NODATA).</summary>
    public bool IsTrimmed { get; init; }

    /// <summary>Holds for the client's subnet only.</summary>
    public bool IsForSubnetOnly { get; init; }

    /// <summary>About a reverse name, which is counted apart.</summary>
    public bool IsReverse { get; init; }

    /// <summary>The catalog index that this stands and falls with; 0: good for one reply only.</summary>
    public ulong Index { get; init; }
}

internal enum AuthorityContent
{
    Nothing,

    /// <summary>The domain's SOA record, from which clients learn how long they may keep a negative answer.</summary>
    Soa,
}

/// <summary>The records of one instance: they appear, or not, together.</summary>
/// <param name="Answers">Never empty.</param>
/// <param name="Additional">Glue and metadata.</param>
/// <param name="IsAlias">Leads to a host name by CNAME. Shown only when no group of the answer has an address, and then alone.</param>
internal sealed record AnswerGroup(ResourceRecord[] Answers, ResourceRecord[] Additional, bool IsAlias);
