using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Dns;

/// <summary>The question of a message.</summary>
public sealed record Question(DomainName Name, RRType Type, RRClass Class);

/// <summary>A whole message taken apart: replies of recursors, and what tests look at. Not for the server's usual path.</summary>
public sealed class DnsMessage
{
    public required DnsHeader Header { get; init; }

    public required IReadOnlyList<Question> Questions { get; init; }

    public required IReadOnlyList<ResourceRecord> Answers { get; init; }

    public required IReadOnlyList<ResourceRecord> Authority { get; init; }

    /// <summary>Additional records, OPT among them: its class is the payload size, its head the options.</summary>
    public required IReadOnlyList<ResourceRecord> Additional { get; init; }

    /// <summary>Reads a message, each section with as many records as the header says.</summary>
    /// <returns>False when it is malformed in any way: cut, octets left over, names that loop, data of a wrong length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsMessage? result)
    {
        result = null;
        if (!DnsHeader.TryRead(message, out DnsHeader header))
        {
            return false;
        }

        int offset = DnsLimits.HeaderLength;
        var questions = new List<Question>();
        var answers = new List<ResourceRecord>();
        var authority = new List<ResourceRecord>();
        var additional = new List<ResourceRecord>();
        if (!TryReadQuestions(message, ref offset, header.QuestionCount, questions)
            || !TryReadRecords(message, ref offset, header.AnswerCount, answers)
            || !TryReadRecords(message, ref offset, header.AuthorityCount, authority)
            || !TryReadRecords(message, ref offset, header.AdditionalCount, additional)
            || offset != message.Length)
        {
            return false;
        }

        result = new DnsMessage
        {
            Header = header,
            Questions = questions,
            Answers = answers,
            Authority = authority,
            Additional = additional,
        };
        return true;
    }

    private static bool TryReadQuestions(ReadOnlySpan<byte> message, ref int offset, int count, List<Question> questions)
    {
        Span<byte> scratch = stackalloc byte[DnsLimits.NameLengthMax];
        for (int i = 0; i < count; i++)
        {
            if (!WireName.TryRead(message, ref offset, scratch, out ReadOnlySpan<byte> name) || message.Length - offset < 4)
            {
                return false;
            }

            questions.Add(new Question(
                DomainName.FromWire(name),
                (RRType)BinaryPrimitives.ReadUInt16BigEndian(message[offset..]),
                (RRClass)BinaryPrimitives.ReadUInt16BigEndian(message[(offset + 2)..])));
            offset += 4;
        }

        return true;
    }

    private static bool TryReadRecords(ReadOnlySpan<byte> message, ref int offset, int count, List<ResourceRecord> records)
    {
        // Each record takes octets, so a false count ends at the end of the message before the list grows.
        for (int i = 0; i < count; i++)
        {
            if (!RecordReader.TryRead(message, ref offset, out ResourceRecord? record))
            {
                return false;
            }

            records.Add(record);
        }

        return true;
    }
}
