namespace K8sConsul.Dns;

/// <summary>Bounds of the wire format, each from its RFC.</summary>
public static class DnsLimits
{
    /// <summary>RFC 1035 §4.1.1: six 16-bit fields.</summary>
    public const int HeaderLength = 12;

    /// <summary>RFC 1035 §2.3.4: a label's length is six bits.</summary>
    public const int LabelLengthMax = 63;

    /// <summary>RFC 1035 §2.3.4: octets of a name on the wire, length octets and the root's zero included.</summary>
    public const int NameLengthMax = 255;

    /// <summary>Labels of the longest name: 255 octets less the root's, two octets (length and one character) each.</summary>
    public const int LabelsMax = (NameLengthMax - 1) / 2;

    /// <summary>
    /// Pointers followed in one name. Each useful one is followed by at least one label, so a name of <see cref="LabelsMax"/> labels
    /// needs no more than that; a longer chain is a loop or an attack.
    /// </summary>
    public const int PointersMax = LabelsMax;

    /// <summary>RFC 1035 §4.1.4: a pointer holds 14 bits of offset, so no name beyond can be pointed to.</summary>
    public const int PointerOffsetEnd = 1 << 14;

    /// <summary>RFC 1035 §3.3: a character string's length is one octet.</summary>
    public const int TextLengthMax = 255;

    /// <summary>RFC 1035 §4.2.1: UDP payload of a client that says nothing else. RFC 6891 §6.2.3: a smaller wish is read as this.</summary>
    public const int PlainUdpLengthMax = 512;

    /// <summary>RFC 1035 §4.2.2: over TCP a message's length is two octets.</summary>
    public const int MessageLengthMax = 65_535;

    /// <summary>
    /// The greatest UDP answer that Consul sends: 65,535 less 60 (longest IP header) and 8 (UDP header). A client that wishes for
    /// more gets this.
    /// </summary>
    public const int UdpLengthMax = MessageLengthMax - 68;

    /// <summary>The greatest TCP answer that Consul sends.</summary>
    public const int TcpLengthMax = MessageLengthMax - HeaderLength;

    /// <summary>Fixed octets of a record between its owner and its data: type, class, TTL, length (RFC 1035 §4.1.3).</summary>
    public const int RecordFixedLength = 10;

    /// <summary>Smallest record on the wire: root owner and no data. Bounds how many records a message can hold.</summary>
    public const int RecordLengthMin = 1 + RecordFixedLength;
}
