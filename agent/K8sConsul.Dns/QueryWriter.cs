namespace K8sConsul.Dns;

/// <summary>Writes queries, as to a recursor.</summary>
public static class QueryWriter
{
    /// <summary>The most octets that <see cref="Write"/> needs.</summary>
    public const int LengthMax = DnsLimits.HeaderLength + DnsLimits.NameLengthMax + 4 + DnsLimits.RecordLengthMin;

    /// <summary>Writes a query for the Internet class.</summary>
    /// <param name="destination">At least <see cref="LengthMax"/> octets.</param>
    /// <param name="id">By which the reply is known again.</param>
    /// <param name="name">What is asked about.</param>
    /// <param name="type">Which records are wanted.</param>
    /// <param name="recursionDesired">RD.</param>
    /// <param name="udpSize">Sends EDNS with this payload size; null sends none.</param>
    /// <returns>The length.</returns>
    public static int Write(Span<byte> destination, ushort id, DomainName name, RRType type, bool recursionDesired, ushort? udpSize)
    {
        ArgumentNullException.ThrowIfNull(name);
        var writer = new MessageWriter(destination, names: null);
        writer.WriteQuestion(name.Wire, type, (ushort)RRClass.Internet);
        if (udpSize is { } size)
        {
            writer.WriteOpt(size, subnet: null, scopePrefix: 0);
        }

        ushort flags = recursionDesired ? DnsHeader.RecursionDesiredFlag : (ushort)0;
        writer.WriteHeader(new DnsHeader(id, flags, 1, 0, 0, udpSize is null ? (ushort)0 : (ushort)1));
        if (!writer.Fits)
        {
            throw new ArgumentException($"The buffer of {destination.Length} octets is too small for a query.", nameof(destination));
        }

        return writer.Length;
    }
}
