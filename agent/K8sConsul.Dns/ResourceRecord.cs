using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Dns;

/// <summary>One record, ready to be written. Immutable, so that one may stand in many answers at once.</summary>
/// <remarks>Data is kept as it goes over the wire: octets, up to two names, octets. Only names can be compressed.</remarks>
public sealed class ResourceRecord
{
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly DomainName? _name;
    private readonly DomainName? _secondName;

    private ResourceRecord(
        DomainName? owner,
        RRType type,
        uint ttl,
        byte[] head,
        DomainName? name = null,
        DomainName? secondName = null,
        byte[]? tail = null)
    {
        Owner = owner;
        Type = type;
        Ttl = ttl;
        _head = head;
        _name = name;
        _secondName = secondName;
        _tail = tail ?? [];
    }

    /// <summary>Whose record it is; null stands for the question's name, whichever that is when the record is written.</summary>
    public DomainName? Owner { get; }

    public RRType Type { get; }

    public RRClass Class { get; private init; } = RRClass.Internet;

    /// <summary>Seconds that it may be kept.</summary>
    public uint Ttl { get; }

    /// <summary>The name that the data holds: an alias's or a server's target, for instance.</summary>
    public DomainName? Target => _name;

    /// <summary>SOA's mailbox.</summary>
    public DomainName? SecondName => _secondName;

    /// <summary>Octets of the data before its name, or all of them where it has none.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Octets of the data behind its names.</summary>
    public ReadOnlySpan<byte> Tail => _tail;

    /// <summary>Octets of the data when no name is compressed.</summary>
    public int DataLength => _head.Length + (_name?.Wire.Length ?? 0) + (_secondName?.Wire.Length ?? 0) + _tail.Length;

    /// <summary>RFC 3597 §4: only the types of RFC 1035 may have compressed names in their data; SRV's target may not (RFC 2782).</summary>
    internal bool IsDataCompressible => Type is RRType.NS or RRType.CName or RRType.Soa or RRType.Ptr or RRType.MX;

    /// <summary>An A or AAAA record, by the address's family.</summary>
    public static ResourceRecord Address(DomainName? owner, uint ttl, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        RRType type = address.AddressFamily == AddressFamily.InterNetwork ? RRType.A : RRType.Aaaa;
        return new ResourceRecord(owner, type, ttl, address.GetAddressBytes());
    }

    public static ResourceRecord Srv(DomainName? owner, uint ttl, ushort priority, ushort weight, ushort port, DomainName target)
    {
        byte[] head = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(head, priority);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), weight);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), port);
        return new ResourceRecord(owner, RRType.Srv, ttl, head, target);
    }

    /// <summary>A TXT record of one text, in as many character strings of 255 octets as it needs.</summary>
    public static ResourceRecord Text(DomainName? owner, uint ttl, string text)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        var data = new List<byte>(octets.Length + 1);
        int start = 0;
        do
        {
            int length = Math.Min(octets.Length - start, DnsLimits.TextLengthMax);
            data.Add((byte)length);
            data.AddRange(octets.AsSpan(start, length));
            start += length;
        }
        while (start < octets.Length);
        return new ResourceRecord(owner, RRType.Txt, ttl, [.. data]);
    }

    /// <summary>A record whose data is one name: NS, CNAME, PTR.</summary>
    public static ResourceRecord Pointing(DomainName? owner, RRType type, uint ttl, DomainName target)
        => new(owner, type, ttl, [], target);

    /// <summary>A SOA record (RFC 1035 §3.3.13); times in seconds.</summary>
    public static ResourceRecord Soa(
        DomainName? owner,
        uint ttl,
        DomainName primary,
        DomainName mailbox,
        uint serial,
        uint refresh,
        uint retry,
        uint expire,
        uint minimumTtl)
    {
        byte[] tail = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(tail, serial);
        BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(4), refresh);
        BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(8), retry);
        BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(12), expire);
        BinaryPrimitives.WriteUInt32BigEndian(tail.AsSpan(16), minimumTtl);
        return new ResourceRecord(owner, RRType.Soa, ttl, [], primary, mailbox, tail);
    }

    /// <summary>A record as it was read: of any type, with its names already taken out.</summary>
    internal static ResourceRecord Read(
        DomainName owner,
        RRType type,
        RRClass @class,
        uint ttl,
        byte[] head,
        DomainName? name,
        DomainName? secondName,
        byte[] tail)
        => new(owner, type, ttl, head, name, secondName, tail) { Class = @class };

    /// <summary>The same record with another time to live.</summary>
    public ResourceRecord WithTtl(uint ttl)
        => ttl == Ttl ? this : new ResourceRecord(Owner, Type, ttl, _head, _name, _secondName, _tail) { Class = Class };

    /// <summary>The address of an A or AAAA record, else null.</summary>
    public IPAddress? ToAddress() => (Type, _head.Length) switch
    {
        (RRType.A, 4) or (RRType.Aaaa, 16) => new IPAddress(_head),
        _ => null,
    };

    /// <summary>Whether two records say the same: owner, type and data, not the time to live.</summary>
    public bool HasSameDataAs(ResourceRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Type == other.Type
            && Equals(Owner, other.Owner)
            && Equals(_name, other._name)
            && Equals(_secondName, other._secondName)
            && _head.AsSpan().SequenceEqual(other._head)
            && _tail.AsSpan().SequenceEqual(other._tail);
    }
}
