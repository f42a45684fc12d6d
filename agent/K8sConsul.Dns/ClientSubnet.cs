using System.Buffers.Binary;
using System.Net;

namespace K8sConsul.Dns;

/// <summary>The EDNS client subnet option (RFC 7871): on whose behalf a resolver asks.</summary>
/// <param name="Family">0 (none given), 1 (IPv4) or 2 (IPv6).</param>
/// <param name="SourcePrefix">Leading bits of the address that are given.</param>
/// <param name="Address">The address in 16 octets, of which the first 4 count for IPv4. Bits behind the prefix may be set.</param>
public readonly record struct ClientSubnet(ushort Family, byte SourcePrefix, UInt128 Address)
{
    public const ushort OptionCode = 8;

    private const int FixedLength = 4;

    /// <summary>Octets of the option's data when written back.</summary>
    internal int DataLength => FixedLength + ((SourcePrefix + 7) / 8);

    /// <summary>The address as it was sent, or null when no family was given.</summary>
    public IPAddress? ToAddress()
    {
        if (Family == 0)
        {
            return null;
        }

        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Address);
        return new IPAddress(Family == 1 ? octets[..4] : octets);
    }

    /// <summary>Reads the option's data with the checks that make Consul answer FORMERR.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> data, out ClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < FixedLength)
        {
            return false;
        }

        ushort family = BinaryPrimitives.ReadUInt16BigEndian(data);
        byte source = data[2];
        byte scope = data[3];
        int bits = family switch
        {
            0 => 0,
            1 => 32,
            2 => 128,
            _ => -1,
        };
        if (source > bits || (family != 0 && scope > bits))
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[16];
        ReadOnlySpan<byte> given = data[FixedLength..];
        given[..Math.Min(given.Length, bits / 8)].CopyTo(octets);
        subnet = new ClientSubnet(family, source, BinaryPrimitives.ReadUInt128BigEndian(octets));
        return true;
    }

    /// <summary>Writes the option's data for a reply: the address up to its prefix, and for whom else the reply holds.</summary>
    internal void Write(Span<byte> data, byte scopePrefix)
    {
        BinaryPrimitives.WriteUInt16BigEndian(data, Family);
        data[2] = SourcePrefix;
        data[3] = scopePrefix;
        Span<byte> octets = stackalloc byte[16];
        UInt128 mask = SourcePrefix == 0 ? 0 : UInt128.MaxValue << (128 - SourcePrefix);
        BinaryPrimitives.WriteUInt128BigEndian(octets, Address & mask);
        octets[..(DataLength - FixedLength)].CopyTo(data[FixedLength..]);
    }
}
