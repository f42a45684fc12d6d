using System.Net;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// Finds out what there is to say about a name below the domain. Completes at once where the catalog does, except for host names
/// outside, about which recursors are asked.
/// </summary>
internal sealed partial class DnsResolver(IDnsCatalog catalog, IRecursor recursor, IDnsMetrics metrics, ulong seed)
{
    // Each order is drawn from a generator of its own, so that threads share no more than this counter.
    private ulong _shuffles = seed;

    /// <summary>How many aliases within the domain are followed, one after the other.</summary>
    public const int AliasDepthMax = 3;

    // Clients without EDNS get no more than these of the records behind one host name.
    private const int RecordsBehindHostMax = 5;

    // Data older than this is counted.
    private static readonly TimeSpan s_staleFrom = TimeSpan.FromSeconds(5);

    /// <summary>Answers a question.</summary>
    /// <param name="configuration">The configuration of this moment; the whole answer goes by it.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellation">Ends the server's life, not the client's patience.</param>
    public ValueTask<ResolvedAnswer> ResolveAsync(
        DnsConfiguration configuration,
        ZoneQuestion question,
        CancellationToken cancellation) => question.Type switch
    {
        RRType.Soa or RRType.NS => ResolveServersAsync(configuration, question.Type, cancellation),
        RRType.Axfr => new ValueTask<ResolvedAnswer>(ResolvedAnswer.NotImplemented),
        _ => DispatchAsync(new Scope(configuration, question, null, AliasDepthMax), cancellation),
    };

    /// <summary>A question on its way: the client's own, or one about an alias's target.</summary>
    /// <param name="Configuration">By which it is answered.</param>
    /// <param name="Question">What is asked.</param>
    /// <param name="Owner">Whose records are made; null: the client's question's name.</param>
    /// <param name="Depth">How many more aliases may be followed.</param>
    private sealed record Scope(DnsConfiguration Configuration, ZoneQuestion Question, DomainName? Owner, int Depth)
    {
        public RRType Type => Question.Type;

        public DnsOptions Options => Configuration.Options;
    }

    private ValueTask<ResolvedAnswer> DispatchAsync(Scope scope, CancellationToken cancellation)
    {
        QuestionTarget target = QuestionTarget.Parse(scope.Question.Labels, scope.Type);
        string datacenter = target.Datacenter.Length > 0 ? target.Datacenter : scope.Options.Datacenter;
        return target.Kind switch
        {
            QuestionKind.Node => ResolveNodeAsync(scope, datacenter, target.Name, cancellation),
            QuestionKind.Service => ResolveServiceAsync(scope, datacenter, target, DnsServiceKind.Service, cancellation),
            QuestionKind.Connect => ResolveServiceAsync(scope, datacenter, target, DnsServiceKind.Connect, cancellation),
            QuestionKind.Ingress => ResolveServiceAsync(scope, datacenter, target, DnsServiceKind.Ingress, cancellation),
            QuestionKind.PreparedQuery => ResolvePreparedQueryAsync(scope, datacenter, target.Name, cancellation),
            QuestionKind.Address => new ValueTask<ResolvedAnswer>(OfAddress(scope, target.Address!)),
            QuestionKind.NoAddress => new ValueTask<ResolvedAnswer>(ResolvedAnswer.NoRecords),
            _ => new ValueTask<ResolvedAnswer>(ResolvedAnswer.NoSuchName),
        };
    }

    /// <summary>The record that an address's own name holds; Consul 1.8.7 gives it whatever type is asked for.</summary>
    private static ResolvedAnswer OfAddress(Scope scope, IPAddress address)
    {
        string name = string.Join('.', scope.Question.Labels!) + "." + scope.Configuration.Domain;
        return DomainName.TryParse(name, out DomainName? owner)
            ? new ResolvedAnswer { Answers = [ResourceRecord.Address(owner, scope.Configuration.NodeTtl, address)] }
            : ResolvedAnswer.NoSuchName;
    }

    private async ValueTask<ResolvedAnswer> ResolveNodeAsync(
        Scope scope,
        string datacenter,
        string name,
        CancellationToken cancellation)
    {
        if (scope.Type is not (RRType.A or RRType.Aaaa or RRType.Txt or RRType.Any))
        {
            return ResolvedAnswer.NoRecords;
        }

        DnsLookup<DnsNode> found = await LookUpAsync(
            scope.Configuration,
            consistency => catalog.FindNodeAsync(datacenter, name, consistency, cancellation)).ConfigureAwait(false);
        if (found.Value is not { } node)
        {
            return Without(found.Status);
        }

        uint ttl = scope.Configuration.NodeTtl;
        List<ResourceRecord> answers = [];
        ulong index = found.Index;
        if (scope.Type != RRType.Txt)
        {
            (IReadOnlyList<ResourceRecord> records, bool isFinal) = await RecordsOfNodeAsync(scope, node, scope.Owner, cancellation).ConfigureAwait(false);
            answers.AddRange(records);
            index = isFinal ? index : 0;
        }

        // The option is about records that nobody asked for.
        bool isAskedFor = scope.Type is RRType.Txt or RRType.Any;
        IEnumerable<ResourceRecord> meta = isAskedFor || scope.Options.EnableAdditionalNodeMetaTxt
            ? AnswerBuilder.MetaRecords(node, scope.Owner, ttl)
            : [];
        return new ResolvedAnswer
        {
            Answers = isAskedFor ? [.. answers, .. meta] : answers,
            Additional = isAskedFor ? [] : [.. meta],
            Index = index,
        };
    }

    /// <summary>A node's address record, or an alias with what it leads to.</summary>
    /// <returns>The records, and whether they hold as long as the catalog's index stays.</returns>
    private async ValueTask<(IReadOnlyList<ResourceRecord> Records, bool IsFinal)> RecordsOfNodeAsync(
        Scope scope,
        DnsNode node,
        DomainName? owner,
        CancellationToken cancellation)
    {
        var builder = new AnswerBuilder(scope.Configuration, scope.Type, owner);
        uint ttl = scope.Configuration.NodeTtl;
        (IPAddress? address, string text) = builder.AddressOf(node);
        if (address is not null)
        {
            return AnswerBuilder.AddressRecord(scope.Type, owner, address, ttl) is { } record ? ([record], true) : ([], true);
        }

        if (!DomainName.TryParse(text, out DomainName? host))
        {
            return ([], true);
        }

        IReadOnlyList<ResourceRecord> behind = await FollowAliasAsync(scope, host, cancellation).ConfigureAwait(false);
        return ([ResourceRecord.Pointing(owner, RRType.CName, ttl, host), .. behind], false);
    }

    private async ValueTask<ResolvedAnswer> ResolveServersAsync(
        DnsConfiguration configuration,
        RRType type,
        CancellationToken cancellation)
    {
        DnsLookup<IReadOnlyList<DnsInstance>> found = await LookUpAsync(
            configuration,
            consistency => catalog.FindInstancesAsync(
                new DnsServiceQuery(configuration.Options.Datacenter, "consul", Tag: "", DnsServiceKind.Service),
                consistency,
                cancellation)).ConfigureAwait(false);

        var scope = new Scope(configuration, new ZoneQuestion(configuration.Domain, [], RRType.Any, HasEdns: false, Source: null), null, AliasDepthMax);
        var groups = new List<AnswerGroup>();
        ulong index = found.Index;
        foreach (DnsInstance server in Healthy(found.Value ?? [], configuration.Options.OnlyPassing))
        {
            // Names with other characters cannot be looked up by every resolver.
            DnsNode node = server.Node;
            if (!node.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
                || !DomainName.TryParse($"{node.Name}.node.{node.Datacenter}.{configuration.Domain}".ToLowerInvariant(), out DomainName? name))
            {
                continue;
            }

            (IReadOnlyList<ResourceRecord> glue, bool isFinal) = await RecordsOfNodeAsync(scope, node, name, cancellation).ConfigureAwait(false);
            index = isFinal ? index : 0;
            groups.Add(new AnswerGroup(
                [ResourceRecord.Pointing(configuration.Domain, RRType.NS, configuration.NodeTtl, name)],
                [.. glue],
                IsAlias: false));
        }

        const int NameServersMax = 3;
        return new ResolvedAnswer
        {
            Groups = groups,
            GroupsMax = NameServersMax,
            IsShuffled = true,
            IsStartOfAuthority = type == RRType.Soa,
            Index = index,
        };
    }

    private static ResolvedAnswer Without(DnsLookupStatus status) => status switch
    {
        DnsLookupStatus.NotFound or DnsLookupStatus.UnknownDatacenter or DnsLookupStatus.NotSupported => ResolvedAnswer.NoSuchName,
        DnsLookupStatus.Failed => ResolvedAnswer.Failure,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<DnsInstance> Healthy(IReadOnlyList<DnsInstance> instances, bool onlyPassing)
        => instances.Where(instance => instance.Health == DnsHealth.Passing || (instance.Health == DnsHealth.Warning && !onlyPassing));

    /// <summary>Looks up, and once more at the leader when what came is too old.</summary>
    private async ValueTask<DnsLookup<T>> LookUpAsync<T>(
        DnsConfiguration configuration,
        Func<DnsConsistency, ValueTask<DnsLookup<T>>> lookUp)
        where T : class
    {
        DnsConsistency consistency = configuration.Consistency;
        DnsLookup<T> found = await lookUp(consistency).ConfigureAwait(false);
        if (!consistency.AllowStale)
        {
            return found;
        }

        if (found.LastContact > consistency.MaxStale)
        {
            return await lookUp(consistency with { AllowStale = false, UseCache = false }).ConfigureAwait(false);
        }

        CountIfStale(found.LastContact);
        return found;
    }

    /// <summary>Counts an answer from data that is behind.</summary>
    public void CountIfStale(TimeSpan lastContact)
    {
        if (lastContact > s_staleFrom)
        {
            metrics.StaleQuery();
        }
    }
}

/// <summary>A question about a name below the domain.</summary>
/// <param name="Domain">Which of the domains it is below.</param>
/// <param name="Labels">Left of the domain, in lower case.</param>
/// <param name="Type">The type asked for.</param>
/// <param name="HasEdns">Whether the client speaks EDNS.</param>
/// <param name="Source">On whose behalf: the client's subnet or else the client.</param>
internal sealed record ZoneQuestion(DomainName Domain, string[] Labels, RRType Type, bool HasEdns, IPAddress? Source);
