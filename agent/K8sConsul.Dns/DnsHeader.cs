using System.Buffers.Binary;

namespace K8sConsul.Dns;

/// <summary>The first twelve octets of a message (RFC 1035 §4.1.1; AD and CD of RFC 4035).</summary>
public readonly record struct DnsHeader(
    ushort Id,
    ushort Flags,
    ushort QuestionCount,
    ushort AnswerCount,
    ushort AuthorityCount,
    ushort AdditionalCount)
{
    public const ushort ResponseFlag = 0x8000;
    public const ushort AuthoritativeFlag = 0x0400;
    public const ushort TruncatedFlag = 0x0200;
    public const ushort RecursionDesiredFlag = 0x0100;
    public const ushort RecursionAvailableFlag = 0x0080;
    public const ushort AuthenticDataFlag = 0x0020;
    public const ushort CheckingDisabledFlag = 0x0010;

    private const ushort ReservedFlag = 0x0040;
    private const int OpCodeShift = 11;

    public bool IsResponse => (Flags & ResponseFlag) != 0;

    public bool IsAuthoritative => (Flags & AuthoritativeFlag) != 0;

    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    public bool RecursionDesired => (Flags & RecursionDesiredFlag) != 0;

    public bool RecursionAvailable => (Flags & RecursionAvailableFlag) != 0;

    public OpCode OpCode => (OpCode)((Flags >> OpCodeShift) & 0xf);

    public RCode RCode => (RCode)(Flags & 0xf);

    /// <summary>Reads a header, if there is a whole one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        if (message.Length < DnsLimits.HeaderLength)
        {
            header = default;
            return false;
        }

        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes the header to the first twelve octets of <paramref name="message"/>.</summary>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], QuestionCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], AnswerCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], AuthorityCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], AdditionalCount);
    }

    /// <summary>The flags of a reply to a query: opcode and, for plain queries, RD and CD are the client's; the rest is ours.</summary>
    public static ushort ReplyFlags(DnsHeader query, RCode rcode, bool authoritative, bool recursionAvailable)
    {
        int copied = query.OpCode == OpCode.Query ? query.Flags & (RecursionDesiredFlag | CheckingDisabledFlag) : 0;
        return (ushort)(ResponseFlag
            | ((int)query.OpCode << OpCodeShift)
            | copied
            | (authoritative ? AuthoritativeFlag : 0)
            | (recursionAvailable ? RecursionAvailableFlag : 0)
            | (int)rcode);
    }

    /// <summary>The header that alone answers a message which is not taken apart: its own flags but AA and the reserved one, made a reply.</summary>
    /// <remarks>Consul clears the opcode for a format error and keeps it for "not implemented".</remarks>
    public static DnsHeader Rejection(DnsHeader query, RCode rcode)
    {
        int kept = query.Flags & ~(AuthoritativeFlag | ReservedFlag | 0xf);
        if (rcode == RCode.FormatError)
        {
            kept &= ~(0xf << OpCodeShift);
        }

        return new DnsHeader(query.Id, (ushort)(kept | ResponseFlag | (int)rcode), 0, 0, 0, 0);
    }
}
