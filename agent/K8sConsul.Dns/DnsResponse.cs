namespace K8sConsul.Dns;

/// <summary>
/// A reply that is being put together, section by section. Reused from reply to reply, so that usual answers allocate nothing;
/// belongs to one thread at a time.
/// </summary>
public sealed class DnsResponse
{
    private readonly NameTable _names = new();

    public RCode RCode { get; set; }

    public bool IsAuthoritative { get; set; }

    public bool RecursionAvailable { get; set; }

    public bool IsTruncated { get; set; }

    /// <summary>Names are compressed; Consul's <c>disable_compression</c> turns it off.</summary>
    public bool IsCompressed { get; set; }

    /// <summary>Answers the query's OPT record with one.</summary>
    public bool AnswersEdns { get; set; }

    /// <summary>Whether the answer holds for the client's subnet only (RFC 7871 §7.2.1) or for everybody.</summary>
    public bool IsForSubnetOnly { get; set; }

    public RecordList Answers { get; } = new();

    public RecordList Authority { get; } = new();

    public RecordList Additional { get; } = new();

    /// <summary>The additional records as they were before the first cut; see <see cref="GlueIndex"/>.</summary>
    internal RecordList UncutAdditional { get; } = new();

    /// <summary>Empties it for the next reply.</summary>
    public void Reset()
    {
        RCode = RCode.NoError;
        IsAuthoritative = false;
        RecursionAvailable = false;
        IsTruncated = false;
        IsCompressed = true;
        AnswersEdns = true;
        IsForSubnetOnly = false;
        Answers.Clear();
        Authority.Clear();
        Additional.Clear();
        UncutAdditional.Clear();
    }

    /// <summary>Writes the reply.</summary>
    /// <param name="query">What it replies to.</param>
    /// <param name="destination">Where it goes.</param>
    /// <returns>Its length. When that is more than the destination holds, what was written is of no use.</returns>
    public int Write(in DnsQuery query, Span<byte> destination) => Write(in query, destination, IsCompressed, withEdns: true);

    /// <summary>The length that the reply has without its OPT record.</summary>
    internal int Measure(in DnsQuery query, Span<byte> scratch, bool compress) => Write(in query, scratch, compress, withEdns: false);

    private int Write(in DnsQuery query, Span<byte> destination, bool compress, bool withEdns)
    {
        var writer = new MessageWriter(destination, compress ? _names : null);
        bool hasQuestion = !query.Name.IsEmpty;
        if (hasQuestion)
        {
            writer.WriteQuestion(query.Name, query.Type, query.Class);
        }

        WriteSection(ref writer, Answers, query.Name);
        WriteSection(ref writer, Authority, query.Name);
        WriteSection(ref writer, Additional, query.Name);
        int additional = Additional.Count;
        if (withEdns && AnswersEdns && query.HasEdns)
        {
            additional++;
            ClientSubnet? subnet = query.HasSubnet ? query.Subnet : null;
            writer.WriteOpt(query.UdpSize, subnet, IsForSubnetOnly && RCode == RCode.NoError ? query.Subnet.SourcePrefix : (byte)0);
        }

        ushort flags = DnsHeader.ReplyFlags(query.Header, RCode, IsAuthoritative, RecursionAvailable);
        writer.WriteHeader(new DnsHeader(
            query.Header.Id,
            IsTruncated ? (ushort)(flags | DnsHeader.TruncatedFlag) : flags,
            hasQuestion ? (ushort)1 : (ushort)0,
            (ushort)Answers.Count,
            (ushort)Authority.Count,
            (ushort)additional));
        return writer.Length;
    }

    private static void WriteSection(ref MessageWriter writer, RecordList records, ReadOnlySpan<byte> questionName)
    {
        foreach (ResourceRecord record in records.Items)
        {
            writer.WriteRecord(record, questionName);
        }
    }
}
