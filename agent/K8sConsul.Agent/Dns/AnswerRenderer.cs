using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>Makes the reply to one client of what is known about its question. Does not allocate for usual answers.</summary>
internal static class AnswerRenderer
{
    /// <summary>Writes the reply.</summary>
    /// <param name="answer">What is known.</param>
    /// <param name="query">The client's query.</param>
    /// <param name="transport">How it came.</param>
    /// <param name="configuration">The configuration that the answer was made by.</param>
    /// <param name="soa">The SOA record of this moment.</param>
    /// <param name="scratch">Room to work in.</param>
    /// <param name="reply">Where the reply goes.</param>
    /// <returns>The reply's length.</returns>
    public static int Render(
        ResolvedAnswer answer,
        in DnsQuery query,
        DnsTransport transport,
        DnsConfiguration configuration,
        ResourceRecord soa,
        DnsScratch scratch,
        Span<byte> reply)
    {
        DnsResponse response = scratch.Response;
        response.Reset();
        response.RCode = answer.RCode;
        response.IsAuthoritative = true;
        response.RecursionAvailable = configuration.HasRecursors;
        response.IsCompressed = !configuration.Options.DisableCompression;
        response.IsForSubnetOnly = answer.IsForSubnetOnly;

        if (answer.IsStartOfAuthority)
        {
            response.Answers.Add(soa);
        }

        AddAll(response.Answers, answer.Answers);
        AddGroups(answer, response, scratch);
        AddAll(response.Additional, answer.Additional);
        if (answer.IsTrimmed)
        {
            bool isCut = ResponseTrimmer.Trim(response, in query, transport, configuration.Options.UdpAnswerLimit, scratch.Trial);
            response.IsTruncated = isCut && configuration.Options.EnableTruncate;
        }

        bool isNoData = answer.IsTrimmed && response.Answers.Count == 0 && !response.IsTruncated;
        if (answer.Authority == AuthorityContent.Soa || isNoData)
        {
            response.Authority.Add(soa);
        }

        int length = response.Write(in query, reply);
        if (length <= reply.Length)
        {
            return length;
        }

        // Only a node with boundless metadata comes here. Nothing, marked as cut, is better than a broken message.
        response.Reset();
        response.IsAuthoritative = true;
        response.IsTruncated = true;
        return response.Write(in query, reply);
    }

    private static void AddGroups(ResolvedAnswer answer, DnsResponse response, DnsScratch scratch)
    {
        IReadOnlyList<AnswerGroup> groups = answer.Groups;
        if (groups.Count == 0)
        {
            return;
        }

        RecordList section = answer.IsStartOfAuthority ? response.Authority : response.Answers;
        AnswerGroup? firstAlias = null;
        int shown = 0;
        foreach (int i in scratch.Order(groups.Count, answer.IsShuffled))
        {
            AnswerGroup group = groups[i];
            if (group.IsAlias)
            {
                firstAlias ??= group;
                continue;
            }

            section.AddRange(group.Answers);
            response.Additional.AddRange(group.Additional);
            if (++shown == answer.GroupsMax)
            {
                break;
            }
        }

        if (shown == 0 && firstAlias is not null)
        {
            section.AddRange(firstAlias.Answers);
        }
    }

    private static void AddAll(RecordList list, IReadOnlyList<ResourceRecord> records)
    {
        for (int i = 0; i < records.Count; i++)
        {
            list.Add(records[i]);
        }
    }
}
