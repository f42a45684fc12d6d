using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>Replies as text that can be compared: sections sorted, since their order is random, and no times in SOA records.</summary>
internal static class DnsText
{
    /// <summary>Flags, counts and size: all that two replies have in common when each shows other instances.</summary>
    public static string Shape(byte[]? reply)
    {
        if (reply is null)
        {
            return "no reply";
        }

        if (!DnsHeader.TryRead(reply, out DnsHeader header))
        {
            return "too short";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"flags={header.Flags:x4} q={header.QuestionCount} an={header.AnswerCount} ns={header.AuthorityCount} ar={header.AdditionalCount} size={reply.Length}");
    }

    /// <summary>Everything.</summary>
    public static string Full(byte[]? reply)
    {
        if (reply is null || !DnsMessage.TryRead(reply, out DnsMessage? message))
        {
            return Shape(reply) + (reply is null ? "" : " unreadable " + Convert.ToHexStringLower(reply));
        }

        var text = new StringBuilder(Shape(reply));
        foreach (Question question in message.Questions)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  ? {question.Name} {question.Type} {question.Class}");
        }

        Section(text, "an", message.Answers);
        Section(text, "ns", message.Authority);
        Section(text, "ar", message.Additional);
        return text.ToString();
    }

    /// <summary>One record, much as dig shows it, without its class.</summary>
    public static string Record(ResourceRecord record)
    {
        string data = record.Type switch
        {
            RRType.A or RRType.Aaaa => record.ToAddress()!.ToString(),
            RRType.Srv => string.Create(
                CultureInfo.InvariantCulture,
                $"{Number(record.Head, 0)} {Number(record.Head, 2)} {Number(record.Head, 4)} {record.Target}"),
            RRType.Txt => Strings(record.Head),
            RRType.Soa => $"{record.Target} {record.SecondName} <now> "
                + string.Join(' ', Enumerable.Range(1, 4).Select(i => BinaryPrimitives.ReadUInt32BigEndian(record.Tail[(i * 4)..]))),
            RRType.Opt => string.Create(CultureInfo.InvariantCulture, $"udp={(ushort)record.Class} {Convert.ToHexStringLower(record.Head)}"),
            _ => $"{record.Target}{Convert.ToHexStringLower(record.Head)}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{record.Owner} {record.Ttl} {record.Type} {data}");
    }

    private static void Section(StringBuilder text, string name, IReadOnlyList<ResourceRecord> records)
    {
        foreach (string record in records.Select(Record).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {name} {record}");
        }
    }

    private static ushort Number(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);

    private static string Strings(ReadOnlySpan<byte> data)
    {
        var strings = new List<string>();
        while (!data.IsEmpty)
        {
            strings.Add('"' + Encoding.UTF8.GetString(data.Slice(1, data[0])) + '"');
            data = data[(data[0] + 1)..];
        }

        return string.Join(' ', strings);
    }
}
