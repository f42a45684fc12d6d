using System.Net;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <content>Services, prepared queries, and the host names that instances may have for addresses.</content>
internal sealed partial class DnsResolver
{
    private async ValueTask<ResolvedAnswer> ResolveServiceAsync(
        Scope scope,
        string datacenter,
        QuestionTarget target,
        DnsServiceKind kind,
        CancellationToken cancellation)
    {
        var query = new DnsServiceQuery(datacenter, target.Name, target.Tag, kind);
        DnsLookup<IReadOnlyList<DnsInstance>> found = await LookUpAsync(
            scope.Configuration,
            consistency => catalog.FindInstancesAsync(query, consistency, cancellation)).ConfigureAwait(false);
        if (found.Value is null)
        {
            return Without(found.Status);
        }

        DnsInstance[] healthy = [.. Healthy(found.Value, scope.Options.OnlyPassing)];
        if (healthy.Length == 0)
        {
            return ResolvedAnswer.NoSuchName;
        }

        uint ttl = scope.Configuration.ServiceTtl(target.Name);
        ResolvedAnswer answer = await OfInstancesAsync(scope, healthy, datacenter, ttl, cancellation).ConfigureAwait(false);
        return answer with { IsShuffled = true, Index = answer.Index == 0 ? 0 : found.Index };
    }

    private async ValueTask<ResolvedAnswer> ResolvePreparedQueryAsync(
        Scope scope,
        string datacenter,
        string nameOrId,
        CancellationToken cancellation)
    {
        var query = new DnsPreparedQuery(datacenter, nameOrId, scope.Question.Source);
        DnsLookup<DnsQueryResult> found = await LookUpAsync(
            scope.Configuration,
            consistency => catalog.ExecuteQueryAsync(query, consistency, cancellation)).ConfigureAwait(false);
        if (found.Value is not { } result)
        {
            return Without(found.Status);
        }

        if (result.Instances.Count == 0)
        {
            return ResolvedAnswer.NoSuchName;
        }

        uint ttl = result.Ttl is { } own ? DnsConfiguration.Seconds(own) : scope.Configuration.ServiceTtl(result.Service);
        ResolvedAnswer answer = await OfInstancesAsync(scope, result.Instances, result.Datacenter, ttl, cancellation).ConfigureAwait(false);

        // The server chose order and instances for this source; the next query is another choice.
        return answer with { IsForSubnetOnly = true, Index = 0 };
    }

    // The answer's index is 0 when it must not be kept; otherwise the caller puts the look-up's index there.
    private async ValueTask<ResolvedAnswer> OfInstancesAsync(
        Scope scope,
        IReadOnlyList<DnsInstance> instances,
        string datacenter,
        uint ttl,
        CancellationToken cancellation)
    {
        var builder = new AnswerBuilder(scope.Configuration, scope.Type, scope.Owner);
        var groups = new List<AnswerGroup>(instances.Count);
        var srvSeen = new HashSet<string>(StringComparer.Ordinal);
        var addressesSeen = new HashSet<IPAddress>();
        bool isFinal = true;
        foreach (DnsInstance instance in instances)
        {
            if (scope.Type == RRType.Srv && !srvSeen.Add(builder.SrvIdentity(instance, datacenter)))
            {
                continue;
            }

            AnswerGroup? group = OfInstance(builder, scope, instance, datacenter, ttl, out DomainName? host);
            if (host is not null)
            {
                IReadOnlyList<ResourceRecord> behind = await BehindHostAsync(scope, host, ttl, cancellation).ConfigureAwait(false);
                group = builder.AtHost(instance, datacenter, host, behind, ttl);
                isFinal = false;
            }

            // One address of several instances (other ports, say) is one A record.
            if (group is not null && (scope.Type == RRType.Srv || group.IsAlias || addressesSeen.Add(group.Answers[0].ToAddress()!)))
            {
                groups.Add(group);
            }
        }

        return new ResolvedAnswer
        {
            Groups = groups,
            GroupsMax = scope.Type != RRType.Srv && scope.Options.ARecordLimit > 0 ? scope.Options.ARecordLimit : int.MaxValue,
            IsTrimmed = true,
            Index = isFinal ? 1ul : 0,
        };
    }

    // Chooses how an instance is shown; a host name is given back instead when it is shown with that.
    private static AnswerGroup? OfInstance(
        AnswerBuilder builder,
        Scope scope,
        DnsInstance instance,
        string datacenter,
        uint ttl,
        out DomainName? host)
    {
        host = null;
        (IPAddress? own, string ownText) = builder.OwnAddressOf(instance, datacenter);
        (IPAddress? ofNode, string nodeText) = builder.AddressOf(instance.Node);
        if (own is not null)
        {
            return builder.AtAddress(instance, datacenter, own, ttl);
        }

        if (ownText.Length == 0)
        {
            if (ofNode is not null)
            {
                // A tagged address is not what the node's name leads to, so it gets a name of its own.
                return string.Equals(nodeText, instance.Node.Address, StringComparison.Ordinal)
                    ? builder.AtNode(instance, datacenter, ofNode, ttl)
                    : builder.AtAddress(instance, datacenter, ofNode, ttl);
            }

            _ = DomainName.TryParse(nodeText, out host);
            return null;
        }

        // An instance whose address is the very name asked about would be an alias of itself; its node's address breaks the circle.
        _ = DomainName.TryParse(ownText, out host);
        if (host is not null && ofNode is not null && IsAskedAbout(scope, host))
        {
            host = null;
            return builder.AtNode(instance, datacenter, ofNode, ttl);
        }

        return null;
    }

    private static bool IsAskedAbout(Scope scope, DomainName host)
        => LabelsBelow(host, scope.Question.Domain) is { } labels && labels.AsSpan().SequenceEqual(scope.Question.Labels);

    /// <summary>The addresses and aliases behind a host name, with the service's time to live.</summary>
    private async ValueTask<IReadOnlyList<ResourceRecord>> BehindHostAsync(
        Scope scope,
        DomainName host,
        uint ttl,
        CancellationToken cancellation)
    {
        IReadOnlyList<ResourceRecord> all = await FollowAliasAsync(scope, host, cancellation).ConfigureAwait(false);
        return
        [
            .. all
                .Where(record => record.Type is RRType.CName or RRType.A or RRType.Aaaa)
                .Select(record => record.WithTtl(ttl))
                .Take(scope.Question.HasEdns ? int.MaxValue : RecordsBehindHostMax),
        ];
    }

    /// <summary>What a host name leads to: looked up here when it is below the domain, else asked of the recursors, if any.</summary>
    private async ValueTask<IReadOnlyList<ResourceRecord>> FollowAliasAsync(
        Scope scope,
        DomainName host,
        CancellationToken cancellation)
    {
        DnsConfiguration configuration = scope.Configuration;
        DomainName domain = configuration.Domain;
        string[]? labels = LabelsBelow(host, domain);
        if (labels is null && configuration.AltDomain is { } alt)
        {
            domain = alt;
            labels = LabelsBelow(host, alt);
        }

        if (labels is null)
        {
            return configuration.HasRecursors
                ? await recursor.FindAddressesAsync(configuration, host, cancellation).ConfigureAwait(false)
                : [];
        }

        if (scope.Depth < 1)
        {
            return [];
        }

        var question = new ZoneQuestion(domain, labels, RRType.Any, HasEdns: false, scope.Question.Source);
        ResolvedAnswer inner = await DispatchAsync(new Scope(configuration, question, host, scope.Depth - 1), cancellation).ConfigureAwait(false);
        return Flatten(inner, configuration);
    }

    /// <summary>The records of an inner answer, limited as for a client without EDNS, which is what Consul plays here.</summary>
    private List<ResourceRecord> Flatten(ResolvedAnswer inner, DnsConfiguration configuration)
    {
        var records = new List<ResourceRecord>(inner.Answers);
        AnswerGroup[] groups = [.. inner.Groups];
        if (inner.IsShuffled)
        {
            var random = new SmallRandom(Interlocked.Increment(ref _shuffles));
            for (int i = groups.Length - 1; i > 0; i--)
            {
                int other = random.Next(i + 1);
                (groups[i], groups[other]) = (groups[other], groups[i]);
            }
        }

        IEnumerable<AnswerGroup> shown = Array.Exists(groups, group => !group.IsAlias)
            ? groups.Where(group => !group.IsAlias).Take(inner.GroupsMax)
            : groups.Take(1);
        records.AddRange(shown.SelectMany(group => group.Answers));
        int max = Math.Min(ResponseTrimmer.UdpAnswersMax, configuration.Options.UdpAnswerLimit);
        return inner.IsTrimmed && records.Count > max ? records[..max] : records;
    }

    /// <summary>The labels of a name left of a domain, in lower case, or null when it is not below it.</summary>
    private static string[]? LabelsBelow(DomainName name, DomainName domain)
        => ZoneName.TrySplit(name.Wire, domain, out string[]? labels) && labels.Length > 0 ? labels : null;
}
