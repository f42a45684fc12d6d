using System.Diagnostics.CodeAnalysis;
using System.Net;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary><see cref="DnsOptions"/> made ready for use: names parsed, times in whole seconds. Immutable; replaced whole on reload.</summary>
internal sealed class DnsConfiguration
{
    private readonly Dictionary<string, uint> _ttlByService = new(StringComparer.Ordinal);

    // Longest first, so that the first prefix that fits is the longest one.
    private readonly List<(string Prefix, uint Ttl)> _ttlByPrefix = [];

    private DnsConfiguration(DnsOptions options, DomainName domain, DomainName? altDomain, IReadOnlyList<EndPoint> recursors)
    {
        Options = options;
        Domain = domain;
        AltDomain = altDomain;
        Recursors = recursors;
        NodeTtl = Seconds(options.NodeTtl);
        foreach ((string name, TimeSpan ttl) in options.ServiceTtl)
        {
            if (name.EndsWith('*'))
            {
                _ttlByPrefix.Add((name[..^1], Seconds(ttl)));
            }
            else
            {
                _ttlByService.Add(name, Seconds(ttl));
            }
        }

        _ttlByPrefix.Sort((left, right) => right.Prefix.Length.CompareTo(left.Prefix.Length));
        Consistency = new DnsConsistency(options.AllowStale, options.MaxStale, options.UseCache, options.CacheMaxAge);
        PrimaryName = DomainName.Parse("ns." + domain);
        MailboxName = DomainName.Parse("hostmaster." + domain);
    }

    public DnsOptions Options { get; }

    /// <summary>The primary domain, in lower case.</summary>
    public DomainName Domain { get; }

    public DomainName? AltDomain { get; }

    public IReadOnlyList<EndPoint> Recursors { get; }

    public bool HasRecursors => Recursors.Count > 0;

    public uint NodeTtl { get; }

    public DnsConsistency Consistency { get; }

    /// <summary>SOA's primary server, <c>ns.</c> and the domain.</summary>
    public DomainName PrimaryName { get; }

    /// <summary>SOA's mailbox.</summary>
    public DomainName MailboxName { get; }

    /// <summary>Prepares options.</summary>
    /// <param name="options">The options, as the agent's configuration has checked them.</param>
    /// <param name="configuration">They, prepared.</param>
    /// <param name="error">Otherwise which of them cannot be used.</param>
    public static bool TryCreate(
        DnsOptions options,
        [NotNullWhen(true)] out DnsConfiguration? configuration,
        [NotNullWhen(false)] out string? error)
    {
        configuration = null;
        if (!TryParseDomain(options.Domain, out DomainName? domain))
        {
            error = $"Invalid domain: \"{options.Domain}\"";
            return false;
        }

        DomainName? altDomain = null;
        if (options.AltDomain.Length > 0 && !TryParseDomain(options.AltDomain, out altDomain))
        {
            error = $"Invalid alt_domain: \"{options.AltDomain}\"";
            return false;
        }

        var recursors = new List<EndPoint>();
        foreach (string text in options.Recursors)
        {
            if (!RecursorAddress.TryParse(text, out EndPoint? recursor))
            {
                error = $"Invalid recursor address: {text}";
                return false;
            }

            if (!recursors.Contains(recursor))
            {
                recursors.Add(recursor);
            }
        }

        configuration = new DnsConfiguration(options, domain, altDomain, recursors);
        error = null;
        return true;
    }

    /// <summary>Seconds that answers about a service may be kept: by its exact name, else by the longest prefix, else none.</summary>
    public uint ServiceTtl(string service)
    {
        if (_ttlByService.TryGetValue(service, out uint exact))
        {
            return exact;
        }

        foreach ((string prefix, uint ttl) in _ttlByPrefix)
        {
            if (service.StartsWith(prefix, StringComparison.Ordinal))
            {
                return ttl;
            }
        }

        return 0;
    }

    /// <summary>Whole seconds, rounded down, as a record holds them.</summary>
    public static uint Seconds(TimeSpan time) => (uint)Math.Clamp(time.Ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue);

    /// <summary>The SOA record, whose serial is the time.</summary>
    /// <param name="serial">Unix time, seconds.</param>
    public ResourceRecord Soa(uint serial) => ResourceRecord.Soa(
        Domain,
        Options.Soa.MinTtl,
        PrimaryName,
        MailboxName,
        serial,
        Options.Soa.Refresh,
        Options.Soa.Retry,
        Options.Soa.Expire,
        Options.Soa.MinTtl);

    private static bool TryParseDomain(string text, [NotNullWhen(true)] out DomainName? domain)
        => DomainName.TryParse(text.ToLowerInvariant(), out domain) && domain.LabelCount > 0;
}
