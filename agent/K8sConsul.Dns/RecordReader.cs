using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Dns;

/// <summary>Reads records, with the names in the data of the types that may hold compressed ones, and of SRV.</summary>
internal static class RecordReader
{
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, [NotNullWhen(true)] out ResourceRecord? record)
    {
        record = null;
        Span<byte> scratch = stackalloc byte[DnsLimits.NameLengthMax];
        if (!WireName.TryRead(message, ref offset, scratch, out ReadOnlySpan<byte> ownerWire)
            || message.Length - offset < DnsLimits.RecordFixedLength)
        {
            return false;
        }

        DomainName owner = DomainName.FromWire(ownerWire);
        ReadOnlySpan<byte> fields = message[offset..];
        var type = (RRType)BinaryPrimitives.ReadUInt16BigEndian(fields);
        var @class = (RRClass)BinaryPrimitives.ReadUInt16BigEndian(fields[2..]);
        uint ttl = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
        offset += DnsLimits.RecordFixedLength;
        if (message.Length - offset < length)
        {
            return false;
        }

        // Octets before the first name, how many names, octets behind them (-1: whatever is left).
        (int headLength, int names, int tailLength) = type switch
        {
            RRType.A => (4, 0, 0),
            RRType.Aaaa => (16, 0, 0),
            RRType.NS or RRType.CName or RRType.Ptr => (0, 1, 0),
            RRType.Soa => (0, 2, 20),
            RRType.MX => (2, 1, 0),
            RRType.Srv => (6, 1, 0),
            _ => (length, 0, 0),
        };
        int end = offset + length;
        if (length < headLength + names + tailLength)
        {
            return false;
        }

        byte[] head = message.Slice(offset, headLength).ToArray();
        offset += headLength;

        // A name's labels must lie inside the data, but its pointer may lead out of it.
        ReadOnlySpan<byte> visible = message[..end];
        DomainName? first = null;
        DomainName? second = null;
        if (names >= 1 && !TryReadName(visible, ref offset, scratch, out first))
        {
            return false;
        }

        if (names == 2 && !TryReadName(visible, ref offset, scratch, out second))
        {
            return false;
        }

        if (end - offset != tailLength || (type == RRType.Txt && !IsText(head)))
        {
            return false;
        }

        byte[] tail = message[offset..end].ToArray();
        offset = end;
        record = ResourceRecord.Read(owner, type, @class, ttl, head, first, second, tail);
        return true;
    }

    private static bool TryReadName(ReadOnlySpan<byte> visible, ref int offset, Span<byte> scratch, [NotNullWhen(true)] out DomainName? name)
    {
        bool read = WireName.TryRead(visible, ref offset, scratch, out ReadOnlySpan<byte> wire);
        name = read ? DomainName.FromWire(wire) : null;
        return read;
    }

    /// <summary>Whether the octets are character strings, end to end (RFC 1035 §3.3.14).</summary>
    private static bool IsText(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (data[0] >= data.Length)
            {
                return false;
            }

            data = data[(data[0] + 1)..];
        }

        return true;
    }
}
