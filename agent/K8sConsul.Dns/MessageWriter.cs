using System.Buffers.Binary;

namespace K8sConsul.Dns;

/// <summary>
/// Writes a message front to back, with or without name compression. A message that is longer than the buffer is counted on
/// without being written, so that <see cref="Length"/> is what it would take.
/// </summary>
/// <remarks>
/// Compression is that of the library which Consul uses, so that lengths agree: names are looked for in their exact case; a name
/// that may not be compressed itself can still be pointed to; the first place of a name is the one pointed to.
/// </remarks>
public ref struct MessageWriter
{
    private readonly Span<byte> _buffer;
    private readonly NameTable? _names;
    private int _position;

    /// <summary>Begins a message.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="names">Compresses names with this table; null writes them all in full.</param>
    public MessageWriter(Span<byte> buffer, NameTable? names)
    {
        _buffer = buffer;
        _names = names;
        _names?.Clear();
        _position = DnsLimits.HeaderLength;
    }

    /// <summary>Octets so far, the header's included; also those that did not fit.</summary>
    public readonly int Length => _position;

    public readonly bool Fits => _position <= _buffer.Length;

    /// <summary>Writes the question: always in full, as nothing stands before it.</summary>
    public void WriteQuestion(scoped ReadOnlySpan<byte> name, RRType type, ushort @class)
    {
        if (_names is not null)
        {
            Span<DomainName.Label> labels = stackalloc DomainName.Label[DnsLimits.LabelsMax];
            foreach (DomainName.Label label in labels[..DomainName.ReadLabels(name, labels)])
            {
                _names.Add(label.SuffixHash, _position + label.Offset);
            }
        }

        WriteOctets(name);
        WriteUInt16((ushort)type);
        WriteUInt16(@class);
    }

    /// <summary>Writes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="questionName">What the record's owner is when it has none of its own.</param>
    public void WriteRecord(ResourceRecord record, scoped ReadOnlySpan<byte> questionName)
    {
        if (record.Owner is { } owner)
        {
            WriteName(owner, compress: true);
        }
        else if (_names is not null && questionName.Length > 1)
        {
            // The question's name stands right behind the header.
            WriteUInt16(0xc000 | DnsLimits.HeaderLength);
        }
        else
        {
            WriteOctets(questionName);
        }

        int fixedAt = _position;
        _position += DnsLimits.RecordFixedLength;
        WriteOctets(record.Head);
        if (record.Target is { } target)
        {
            WriteName(target, record.IsDataCompressible);
        }

        if (record.SecondName is { } second)
        {
            WriteName(second, record.IsDataCompressible);
        }

        WriteOctets(record.Tail);
        if (_position <= _buffer.Length)
        {
            Span<byte> fields = _buffer.Slice(fixedAt, DnsLimits.RecordFixedLength);
            BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)record.Type);
            BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)record.Class);
            BinaryPrimitives.WriteUInt32BigEndian(fields[4..], record.Ttl);
            BinaryPrimitives.WriteUInt16BigEndian(fields[8..], (ushort)(_position - fixedAt - DnsLimits.RecordFixedLength));
        }
    }

    /// <summary>Writes the OPT record of a reply: the client's payload size, version 0, no flags, its subnet if it gave one.</summary>
    public void WriteOpt(ushort udpSize, ClientSubnet? subnet, byte scopePrefix)
    {
        int optionLength = subnet is { } given ? 4 + given.DataLength : 0;
        WriteOctets([0]);
        WriteUInt16((ushort)RRType.Opt);
        WriteUInt16(udpSize);
        WriteUInt16(0);
        WriteUInt16(0);
        WriteUInt16((ushort)optionLength);
        if (subnet is { } present)
        {
            WriteUInt16(ClientSubnet.OptionCode);
            WriteUInt16((ushort)present.DataLength);
            Span<byte> data = stackalloc byte[4 + 16];
            present.Write(data, scopePrefix);
            WriteOctets(data[..present.DataLength]);
        }
    }

    /// <summary>Ends the message with its header, which knows the counts.</summary>
    public readonly void WriteHeader(DnsHeader header)
    {
        if (_buffer.Length >= DnsLimits.HeaderLength)
        {
            header.Write(_buffer);
        }
    }

    private void WriteName(DomainName name, bool compress)
    {
        if (_names is null)
        {
            WriteOctets(name.Wire);
            return;
        }

        ReadOnlySpan<byte> wire = name.Wire;
        foreach (DomainName.Label label in name.Labels)
        {
            int known = FindName(label.SuffixHash, wire[label.Offset..]);
            if (known >= 0)
            {
                if (compress)
                {
                    WriteOctets(wire[..label.Offset]);
                    WriteUInt16((ushort)(0xc000 | known));
                    return;
                }
            }
            else if (_position + label.Offset < DnsLimits.PointerOffsetEnd)
            {
                // The labels before this one are written below, and always in full.
                _names.Add(label.SuffixHash, _position + label.Offset);
            }
        }

        WriteOctets(wire);
    }

    private readonly int FindName(uint hash, ReadOnlySpan<byte> suffix)
    {
        int probe = 0;
        int offset;
        while ((offset = _names!.Find(hash, ref probe)) >= 0)
        {
            if (StandsAt(offset, suffix))
            {
                return offset;
            }
        }

        return -1;
    }

    /// <summary>Whether the name at an offset, its pointers followed, is this one. Our own pointers lead backwards and end.</summary>
    private readonly bool StandsAt(int offset, ReadOnlySpan<byte> suffix)
    {
        while (offset < _position && offset + 1 < _buffer.Length)
        {
            int length = _buffer[offset];
            if ((length & 0xc0) == 0xc0)
            {
                offset = ((length & 0x3f) << 8) | _buffer[offset + 1];
                continue;
            }

            if (length != suffix[0])
            {
                return false;
            }

            if (length == 0)
            {
                return true;
            }

            if (offset + 1 + length > _buffer.Length || !_buffer.Slice(offset, length + 1).SequenceEqual(suffix[..(length + 1)]))
            {
                return false;
            }

            offset += length + 1;
            suffix = suffix[(length + 1)..];
        }

        return false;
    }

    private void WriteUInt16(ushort value)
    {
        if (_position + 2 <= _buffer.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[_position..], value);
        }

        _position += 2;
    }

    private void WriteOctets(scoped ReadOnlySpan<byte> octets)
    {
        if (_position + octets.Length <= _buffer.Length)
        {
            octets.CopyTo(_buffer[_position..]);
        }

        _position += octets.Length;
    }
}
