using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <content>Reverse names.</content>
internal sealed partial class DnsResolver
{
    /// <summary>Finds who has the address that a reverse name holds.</summary>
    /// <param name="configuration">The configuration of this moment.</param>
    /// <param name="labels">The name's labels left of <c>arpa</c>, in lower case.</param>
    /// <param name="type">The type asked for, which does not matter but for SOA: that record is added.</param>
    /// <param name="cancellation">Ends the server's life.</param>
    /// <returns>Null when nobody here has it: the recursors' turn.</returns>
    public async ValueTask<ResolvedAnswer?> ResolveReverseAsync(
        DnsConfiguration configuration,
        string[] labels,
        RRType type,
        CancellationToken cancellation)
    {
        if (ReverseName.ToAddress([.. labels, "arpa"]) is not { } address)
        {
            return null;
        }

        DnsLookup<DnsReverseMatch> found = await LookUpAsync(
            configuration,
            consistency => catalog.FindByAddressAsync(address, consistency, cancellation)).ConfigureAwait(false);
        if (found.Value is not { } match
            || !DomainName.TryParse(
                $"{match.Name}.{(match.IsService ? "service" : "node")}.{match.Datacenter}.{configuration.Domain}",
                out DomainName? name))
        {
            return null;
        }

        // Reverse answers are given a time to live of zero always.
        return new ResolvedAnswer
        {
            Answers = [ResourceRecord.Pointing(owner: null, RRType.Ptr, ttl: 0, name)],
            Authority = type == RRType.Soa ? AuthorityContent.Soa : AuthorityContent.Nothing,
            IsReverse = true,
            Index = found.Index,
        };
    }
}
