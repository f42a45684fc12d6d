namespace K8sConsul.Agent.Dns;

/// <summary>
/// What the DNS server is told: Consul's <c>dns_config</c>, <c>recursors</c>, and the agent's own names. Immutable; a reload gives the
/// server a new one, of which everything takes effect but <see cref="Domain"/> and <see cref="AltDomain"/>.
/// </summary>
internal sealed record DnsOptions
{
    /// <summary>The agent's datacenter (<c>datacenter</c>), where names without one are looked for.</summary>
    public string Datacenter { get; init; } = "dc1";

    /// <summary>The domain answered for (<c>domain</c>), with or without its last dot.</summary>
    public string Domain { get; init; } = "consul.";

    /// <summary>A second domain answered for (<c>alt_domain</c>); empty: none. Answers still name the first.</summary>
    public string AltDomain { get; init; } = "";

    /// <summary><c>allow_stale</c>: any server may answer, which scales reads; otherwise only the leader.</summary>
    public bool AllowStale { get; init; } = true;

    /// <summary><c>max_stale</c>: data older than this is asked for again at the leader. Default ten years.</summary>
    public TimeSpan MaxStale { get; init; } = TimeSpan.FromHours(87_600);

    /// <summary><c>node_ttl</c>: how long clients may keep node answers. Higher: fewer queries, later to notice changes. Whole seconds
    /// count.</summary>
    public TimeSpan NodeTtl { get; init; }

    /// <summary><c>service_ttl</c>: the same by service name; a key may end in <c>*</c>, and <c>"*"</c> is every service. Default 0.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ServiceTtl { get; init; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary><c>only_passing</c>: instances with a warning are left out too. Ones with a critical check always are.</summary>
    public bool OnlyPassing { get; init; }

    /// <summary><c>enable_truncate</c>: sets TC on a cut UDP answer, so that clients come again over TCP.</summary>
    public bool EnableTruncate { get; init; }

    /// <summary><c>udp_answer_limit</c>: most answers to UDP clients without EDNS, 0 or more; 8 at most take effect.</summary>
    public int UdpAnswerLimit { get; init; } = 3;

    /// <summary><c>a_record_limit</c>: most A or AAAA answers on any transport; 0: no limit. SRV is not limited.</summary>
    public int ARecordLimit { get; init; }

    /// <summary><c>disable_compression</c>: writes names in full.</summary>
    public bool DisableCompression { get; init; }

    /// <summary><c>enable_additional_node_meta_txt</c>: TXT records of a node's metadata in the additional section.</summary>
    public bool EnableAdditionalNodeMetaTxt { get; init; } = true;

    /// <summary><c>soa</c>.</summary>
    public SoaOptions Soa { get; init; } = new();

    /// <summary><c>use_cache</c>: looks up through the agent's cache.</summary>
    public bool UseCache { get; init; }

    /// <summary><c>cache_max_age</c>: the oldest cache entry that is good enough; 0: any.</summary>
    public TimeSpan CacheMaxAge { get; init; }

    /// <summary><c>recursors</c>: who answers for other domains; <c>address</c> or <c>address:port</c>, IPv6 with a port in brackets.</summary>
    public IReadOnlyList<string> Recursors { get; init; } = [];

    /// <summary><c>recursor_timeout</c>, for each recursor.</summary>
    public TimeSpan RecursorTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>recursor_strategy</c>: in which order recursors are asked.</summary>
    public RecursorStrategy RecursorStrategy { get; init; }

    /// <summary><c>translate_wan_addrs</c>: answers about other datacenters give their WAN addresses.</summary>
    public bool TranslateWanAddresses { get; init; }
}

/// <summary>Times of the SOA record, seconds.</summary>
internal sealed record SoaOptions
{
    public uint Refresh { get; init; } = 3600;

    public uint Retry { get; init; } = 600;

    public uint Expire { get; init; } = 86_400;

    /// <summary>Also the SOA record's own time to live: how long clients may keep a negative answer.</summary>
    public uint MinTtl { get; init; }
}

internal enum RecursorStrategy
{
    Sequential,
    Random,
}
