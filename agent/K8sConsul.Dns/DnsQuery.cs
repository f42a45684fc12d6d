using System.Buffers.Binary;

namespace K8sConsul.Dns;

/// <summary>What to do with a message that came to a server.</summary>
public enum QueryVerdict
{
    /// <summary>It has one question, which is to be answered.</summary>
    Answer,

    /// <summary>Too short for a header, or a reply: no answer must be given (RFC 5625 §6.1; answering replies makes loops).</summary>
    Ignore,

    /// <summary>FORMERR with the header alone, or with the question where that was readable.</summary>
    FormatError,

    /// <summary>NOTIMP with the header alone.</summary>
    NotImplemented,

    /// <summary>A header that announces a question and ends there; Consul answers REFUSED.</summary>
    NoQuestion,
}

/// <summary>
/// A query as a server needs it: header, first question, EDNS. Reads without allocating; names stay where they are in the message.
/// Accepts and refuses what Consul 1.8.7 does, to the octet.
/// </summary>
public readonly ref struct DnsQuery
{
    public DnsHeader Header { get; init; }

    /// <summary>The question's name without pointers, in the client's case. Empty when there is no readable question.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public RRType Type { get; init; }

    public ushort Class { get; init; }

    /// <summary>Whether the query has an OPT record (RFC 6891); the last counts.</summary>
    public bool HasEdns { get; init; }

    /// <summary>The UDP payload size that the client wishes for, as sent; below 512 it means 512.</summary>
    public ushort UdpSize { get; init; }

    public bool HasSubnet { get; init; }

    public ClientSubnet Subnet { get; init; }

    /// <summary>Octets of the question section of a reply.</summary>
    public int QuestionLength => Name.IsEmpty ? 0 : Name.Length + 4;

    /// <summary>The most octets that a UDP reply may have.</summary>
    public int UdpLengthMax => HasEdns
        ? Math.Clamp((int)UdpSize, DnsLimits.PlainUdpLengthMax, DnsLimits.UdpLengthMax)
        : DnsLimits.PlainUdpLengthMax;

    /// <summary>Reads a message that came to a server.</summary>
    /// <param name="message">The datagram, or the message behind TCP's length.</param>
    /// <param name="nameScratch">At least <see cref="DnsLimits.NameLengthMax"/> octets, which must live as long as the query.</param>
    /// <param name="query">What was read; complete only with <see cref="QueryVerdict.Answer"/>.</param>
    public static QueryVerdict Read(ReadOnlySpan<byte> message, Span<byte> nameScratch, out DnsQuery query)
    {
        query = default;
        if (!DnsHeader.TryRead(message, out DnsHeader header) || header.IsResponse)
        {
            return QueryVerdict.Ignore;
        }

        query = new DnsQuery { Header = header };
        if (header.OpCode is not (OpCode.Query or OpCode.Notify))
        {
            return QueryVerdict.NotImplemented;
        }

        // A query has one question; one answer or authority record (IXFR, NOTIFY) and two additional ones (OPT, TSIG) can make sense.
        if (header.QuestionCount != 1 || header.AnswerCount > 1 || header.AuthorityCount > 1 || header.AdditionalCount > 2)
        {
            return QueryVerdict.FormatError;
        }

        if (message.Length == DnsLimits.HeaderLength)
        {
            return QueryVerdict.NoQuestion;
        }

        // A message that ends behind the name, or in or before the class, reads as zeros there, because Consul answers such
        // messages; one that ends inside the type is refused.
        int offset = DnsLimits.HeaderLength;
        if (!WireName.TryRead(message, ref offset, nameScratch, out ReadOnlySpan<byte> name) || message.Length - offset == 1)
        {
            return QueryVerdict.FormatError;
        }

        ReadOnlySpan<byte> rest = message[offset..];
        RRType type = rest.Length >= 2 ? (RRType)BinaryPrimitives.ReadUInt16BigEndian(rest) : RRType.None;
        ushort @class = rest.Length >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : (ushort)0;
        offset += Math.Min(rest.Length, 4);
        query = new DnsQuery { Header = header, Name = name, Type = type, Class = @class };

        int records = header.AnswerCount + header.AuthorityCount + header.AdditionalCount;
        int additionalFrom = header.AnswerCount + header.AuthorityCount;
        var edns = new EdnsReader();
        for (int i = 0; i < records && offset < message.Length; i++)
        {
            if (!edns.TryReadRecord(message, ref offset, isAdditional: i >= additionalFrom))
            {
                return QueryVerdict.FormatError;
            }
        }

        query = new DnsQuery
        {
            Header = header,
            Name = name,
            Type = type,
            Class = @class,
            HasEdns = edns.Found,
            UdpSize = edns.UdpSize,
            HasSubnet = edns.HasSubnet,
            Subnet = edns.Subnet,
        };
        return QueryVerdict.Answer;
    }
}
