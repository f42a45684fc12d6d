using System.Buffers.Binary;

namespace K8sConsul.Dns;

/// <summary>Steps over the records behind a question and takes from OPT (RFC 6891) what a server needs.</summary>
internal ref struct EdnsReader
{
    public bool Found { get; private set; }

    public ushort UdpSize { get; private set; }

    public bool HasSubnet { get; private set; }

    public ClientSubnet Subnet { get; private set; }

    /// <summary>Steps over one record.</summary>
    /// <returns>False when it is cut, or is an OPT record with malformed options.</returns>
    public bool TryReadRecord(ReadOnlySpan<byte> message, ref int offset, bool isAdditional)
    {
        Span<byte> scratch = stackalloc byte[DnsLimits.NameLengthMax];
        if (!WireName.TryRead(message, ref offset, scratch, out _) || message.Length - offset < DnsLimits.RecordFixedLength)
        {
            return false;
        }

        ReadOnlySpan<byte> record = message[offset..];
        var type = (RRType)BinaryPrimitives.ReadUInt16BigEndian(record);
        ushort @class = BinaryPrimitives.ReadUInt16BigEndian(record[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(record[8..]);
        if (record.Length - DnsLimits.RecordFixedLength < length)
        {
            return false;
        }

        offset += DnsLimits.RecordFixedLength + length;
        if (type != RRType.Opt)
        {
            return true;
        }

        // The class of an OPT record is the payload size (RFC 6891 §6.1.2). Version and flags are not looked at, as in Consul.
        bool readable = TryReadOptions(record.Slice(DnsLimits.RecordFixedLength, length), out bool hasSubnet, out ClientSubnet subnet);
        if (isAdditional && readable)
        {
            Found = true;
            UdpSize = @class;
            HasSubnet = hasSubnet;
            Subnet = subnet;
        }

        return readable;
    }

    private static bool TryReadOptions(ReadOnlySpan<byte> options, out bool hasSubnet, out ClientSubnet subnet)
    {
        hasSubnet = false;
        subnet = default;
        while (!options.IsEmpty)
        {
            if (options.Length < 4)
            {
                return false;
            }

            ushort code = BinaryPrimitives.ReadUInt16BigEndian(options);
            int length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (options.Length - 4 < length)
            {
                return false;
            }

            if (code == ClientSubnet.OptionCode)
            {
                if (!ClientSubnet.TryRead(options.Slice(4, length), out ClientSubnet read))
                {
                    return false;
                }

                // The first of several counts.
                subnet = hasSubnet ? subnet : read;
                hasSubnet = true;
            }

            options = options[(4 + length)..];
        }

        return true;
    }
}
