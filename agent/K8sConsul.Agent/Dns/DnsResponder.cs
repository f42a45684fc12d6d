using System.Diagnostics;
using System.Net;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>What has become of a query.</summary>
internal enum RespondResult
{
    /// <summary>The reply is written.</summary>
    Replied,

    /// <summary>There must be no reply.</summary>
    Dropped,

    /// <summary>It has to be looked up or passed on: see <see cref="DnsResponder.CompleteAsync"/>.</summary>
    Pending,
}

/// <summary>Turns queries into replies. Knows no sockets; may be used by many threads.</summary>
/// <remarks>
/// 1 Read the query; refuse what is malformed. → 2 Find whose name it is: a domain of ours, a reverse name, somebody else's.
/// → 3 Ours: known from before? else resolve. → 4 Render for this client. Steps 1 to 4 of a known answer are
/// <see cref="TryRespond"/>, which neither waits nor allocates.
/// </remarks>
internal sealed partial class DnsResponder
{
    private static readonly DomainName s_reverse = DomainName.Parse("arpa.");

    private readonly IDnsCatalog _catalog;
    private readonly IRecursor _recursor;
    private readonly IDnsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DnsResolver _resolver;
    private readonly AnswerCache _cache = new();

    // Replaced whole on reload; each query is answered by the one it found first.
    private volatile DnsConfiguration _configuration;
    private volatile SoaOfSecond _soa;

    public DnsResponder(
        IDnsCatalog catalog,
        IRecursor recursor,
        IDnsMetrics metrics,
        DnsConfiguration configuration,
        TimeProvider time,
        ulong seed,
        ILogger logger)
    {
        _catalog = catalog;
        _recursor = recursor;
        _metrics = metrics;
        _configuration = configuration;
        _time = time;
        _logger = logger;
        _resolver = new DnsResolver(catalog, recursor, metrics, seed);
        _soa = new SoaOfSecond(configuration, 0, configuration.Soa(0));
    }

    private sealed record SoaOfSecond(DnsConfiguration Configuration, uint Second, ResourceRecord Record);

    private enum Zone
    {
        Domain,
        Reverse,
        Foreign,
    }

    /// <summary>Answers by another configuration from now on. Its domains must be those of the first one.</summary>
    public void Reload(DnsConfiguration configuration) => _configuration = configuration;

    /// <summary>Forgets all answers: for changes that the catalog's index does not tell, such as another DNS token.</summary>
    public void ForgetAnswers() => _cache.Clear();

    /// <summary>Answers a query if that can be done at once.</summary>
    /// <param name="message">The query.</param>
    /// <param name="transport">How it came.</param>
    /// <param name="scratch">Room to work in.</param>
    /// <param name="reply">At least <see cref="DnsLimits.MessageLengthMax"/> octets.</param>
    /// <param name="length">The reply's length, when there is one.</param>
    public RespondResult TryRespond(
        ReadOnlySpan<byte> message,
        DnsTransport transport,
        DnsScratch scratch,
        Span<byte> reply,
        out int length)
    {
        long started = _time.GetTimestamp();
        length = 0;
        Span<byte> nameScratch = stackalloc byte[DnsLimits.NameLengthMax];
        switch (DnsQuery.Read(message, nameScratch, out DnsQuery query))
        {
            case QueryVerdict.Ignore:
                return RespondResult.Dropped;
            case QueryVerdict.FormatError:
                length = Reject(in query, RCode.FormatError, reply);
                return RespondResult.Replied;
            case QueryVerdict.NotImplemented:
                length = Reject(in query, RCode.NotImplemented, reply);
                return RespondResult.Replied;
            case QueryVerdict.NoQuestion:
                length = Refuse(in query, scratch, reply);
                return RespondResult.Replied;
            case QueryVerdict.Answer:
                break;
            default:
                throw new UnreachableException();
        }

        DnsConfiguration configuration = _configuration;
        Span<byte> key = stackalloc byte[AnswerCache.KeyLengthMax];
        key = key[..AnswerCache.WriteKey(in query, key)];
        TimeSpan lastContact = _catalog.LastContact;
        if (lastContact <= configuration.Options.MaxStale
            && _cache.TryGet(key, _catalog.Index, configuration, out ResolvedAnswer? answer))
        {
            _resolver.CountIfStale(lastContact);
            length = AnswerRenderer.Render(answer, in query, transport, configuration, Soa(configuration), scratch, reply);
            Count(answer.IsReverse, started);
            return RespondResult.Replied;
        }

        if (ZoneOf(in query, configuration, out _) == Zone.Foreign && !configuration.HasRecursors)
        {
            length = Refuse(in query, scratch, reply);
            return RespondResult.Replied;
        }

        return RespondResult.Pending;
    }

    /// <summary>Answers a query that <see cref="TryRespond"/> found pending. Completes at once where the catalog does.</summary>
    /// <param name="message">The query, unchanged until this completes.</param>
    /// <param name="transport">How it came.</param>
    /// <param name="peer">Who asks.</param>
    /// <param name="scratch">Room to work in, not used by anything else until this completes.</param>
    /// <param name="reply">At least <see cref="DnsLimits.MessageLengthMax"/> octets.</param>
    /// <param name="cancellation">Ends the server's life.</param>
    /// <returns>The reply's length; never 0.</returns>
    public async ValueTask<int> CompleteAsync(
        ReadOnlyMemory<byte> message,
        DnsTransport transport,
        IPEndPoint peer,
        DnsScratch scratch,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        DnsConfiguration configuration = _configuration;
        Zone zone = ReadQuestion(message.Span, peer.Address, configuration, out string[] labels, out ZoneQuestion question);
        switch (zone)
        {
            case Zone.Domain:
                ResolvedAnswer answer = await _resolver.ResolveAsync(configuration, question, cancellation).ConfigureAwait(false);
                int length = Finish(message.Span, answer, transport, configuration, scratch, reply.Span);
                Count(isReverse: false, started);
                return length;

            case Zone.Reverse:
                ResolvedAnswer? pointer = await _resolver.ResolveReverseAsync(configuration, labels, question.Type, cancellation).ConfigureAwait(false);
                int written = pointer is null
                    ? await ForwardAsync(configuration, message, transport, peer, scratch, reply, cancellation).ConfigureAwait(false)
                    : Finish(message.Span, pointer, transport, configuration, scratch, reply.Span);
                Count(isReverse: true, started);
                return written;

            case Zone.Foreign:
                return await ForwardAsync(configuration, message, transport, peer, scratch, reply, cancellation).ConfigureAwait(false);

            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The reply to a query whose answer could not be found because of a fault of ours.</summary>
    public int RenderFailure(ReadOnlySpan<byte> message, DnsTransport transport, DnsScratch scratch, Span<byte> reply)
    {
        Span<byte> nameScratch = stackalloc byte[DnsLimits.NameLengthMax];
        _ = DnsQuery.Read(message, nameScratch, out DnsQuery query);
        DnsConfiguration configuration = _configuration;
        return AnswerRenderer.Render(ResolvedAnswer.Failure, in query, transport, configuration, Soa(configuration), scratch, reply);
    }

    private void Count(bool isReverse, long started)
    {
        TimeSpan elapsed = _time.GetElapsedTime(started);
        if (isReverse)
        {
            _metrics.PtrQuery(elapsed);
        }
        else
        {
            _metrics.DomainQuery(elapsed);
        }
    }

    /// <summary>Takes from a query what outlives its buffer.</summary>
    private static Zone ReadQuestion(
        ReadOnlySpan<byte> message,
        IPAddress peer,
        DnsConfiguration configuration,
        out string[] labels,
        out ZoneQuestion question)
    {
        Span<byte> nameScratch = stackalloc byte[DnsLimits.NameLengthMax];
        if (DnsQuery.Read(message, nameScratch, out DnsQuery query) != QueryVerdict.Answer)
        {
            throw new UnreachableException("Only queries that are to be answered become pending.");
        }

        Zone zone = ZoneOf(in query, configuration, out DomainName? domain);
        labels = [];
        if (domain is not null && ZoneName.TrySplit(query.Name, domain, out string[]? below))
        {
            labels = below;
        }

        IPAddress source = (query.HasSubnet ? query.Subnet.ToAddress() : null) ?? peer;
        question = new ZoneQuestion(domain ?? DomainName.Root, labels, query.Type, query.HasEdns, source);
        return zone;
    }

    private int Finish(
        ReadOnlySpan<byte> message,
        ResolvedAnswer answer,
        DnsTransport transport,
        DnsConfiguration configuration,
        DnsScratch scratch,
        Span<byte> reply)
    {
        Span<byte> nameScratch = stackalloc byte[DnsLimits.NameLengthMax];
        _ = DnsQuery.Read(message, nameScratch, out DnsQuery query);
        Span<byte> key = stackalloc byte[AnswerCache.KeyLengthMax];
        _cache.Put(key[..AnswerCache.WriteKey(in query, key)], answer, configuration);
        return AnswerRenderer.Render(answer, in query, transport, configuration, Soa(configuration), scratch, reply);
    }

    private async ValueTask<int> ForwardAsync(
        DnsConfiguration configuration,
        ReadOnlyMemory<byte> message,
        DnsTransport transport,
        IPEndPoint peer,
        DnsScratch scratch,
        Memory<byte> reply,
        CancellationToken cancellation)
    {
        int length = await _recursor.ForwardAsync(configuration, message, transport, reply, cancellation).ConfigureAwait(false);
        return length > 0 ? length : FailRecursion(configuration, message.Span, transport, peer, scratch, reply.Span);
    }

    /// <summary>SERVFAIL that claims recursion even where there are no recursors: what Consul answers.</summary>
    private int FailRecursion(
        DnsConfiguration configuration,
        ReadOnlySpan<byte> message,
        DnsTransport transport,
        IPEndPoint peer,
        DnsScratch scratch,
        Span<byte> reply)
    {
        Span<byte> nameScratch = stackalloc byte[DnsLimits.NameLengthMax];
        _ = DnsQuery.Read(message, nameScratch, out DnsQuery query);
        if (_logger.IsEnabled(LogLevel.Error))
        {
            var name = DomainName.FromWire(query.Name);
            LogAllResolversFailed(_logger, $"{{{name} {(ushort)query.Type} {query.Class}}}", peer, transport == DnsTransport.Udp ? "udp" : "tcp");
        }

        DnsResponse response = scratch.Response;
        response.Reset();
        response.RCode = RCode.ServerFailure;
        response.RecursionAvailable = true;
        response.IsCompressed = !configuration.Options.DisableCompression;
        return response.Write(in query, reply);
    }

    private static int Refuse(in DnsQuery query, DnsScratch scratch, Span<byte> reply)
    {
        DnsResponse response = scratch.Response;
        response.Reset();
        response.RCode = RCode.Refused;
        response.AnswersEdns = false;
        return response.Write(in query, reply);
    }

    private static int Reject(in DnsQuery query, RCode rcode, Span<byte> reply)
    {
        DnsHeader header = DnsHeader.Rejection(query.Header, rcode);
        if (query.Name.IsEmpty)
        {
            header.Write(reply);
            return DnsLimits.HeaderLength;
        }

        // The question was readable, something behind it was not.
        var writer = new MessageWriter(reply, names: null);
        writer.WriteQuestion(query.Name, query.Type, query.Class);
        writer.WriteHeader(header with { QuestionCount = 1 });
        return writer.Length;
    }

    /// <summary>Finds whose name it is; the domain that is the longest suffix decides.</summary>
    private static Zone ZoneOf(in DnsQuery query, DnsConfiguration configuration, out DomainName? domain)
    {
        domain = null;
        Zone zone = Zone.Foreign;
        if (ZoneName.IsIn(query.Name, s_reverse))
        {
            domain = s_reverse;
            zone = Zone.Reverse;
        }

        foreach (DomainName? candidate in (ReadOnlySpan<DomainName?>)[configuration.Domain, configuration.AltDomain])
        {
            if (candidate is not null
                && ZoneName.IsIn(query.Name, candidate)
                && (domain is null || candidate.Wire.Length >= domain.Wire.Length))
            {
                domain = candidate;
                zone = Zone.Domain;
            }
        }

        // DS records live in the parent zone (RFC 4035 §3.1.4.1), which is the recursors' where there are any.
        return query.Type == RRType.DS && configuration.HasRecursors ? Zone.Foreign : zone;
    }

    private ResourceRecord Soa(DnsConfiguration configuration)
    {
        var now = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
        SoaOfSecond soa = _soa;
        if (soa.Second != now || !ReferenceEquals(soa.Configuration, configuration))
        {
            soa = new SoaOfSecond(configuration, now, configuration.Soa(now));
            _soa = soa;
        }

        return soa.Record;
    }
}
