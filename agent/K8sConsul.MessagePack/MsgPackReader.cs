using System.Buffers.Binary;
using System.Text;

namespace K8sConsul.MessagePack;

/// <summary>The families of MessagePack values a reader can meet.</summary>
public enum MsgPackKind
{
    Nil,
    Bool,
    Integer,
    Float,
    Text,
    Bytes,
    List,
    Map,
    Extension,
}

/// <summary>
/// Reads MessagePack with the tolerance of go-msgpack 0.5: any integer width or sign for any integer field, nil as the
/// zero value of any field, <c>raw</c> and <c>str8</c> for text. <c>bin</c> is accepted for bytes only, because the
/// real peers refuse it for text.
/// </summary>
public ref struct MsgPackReader(ReadOnlySpan<byte> input)
{
    /// <summary>Deepest nesting that <see cref="Skip()"/> follows; gossip and state records nest at most five deep.</summary>
    public const int DepthMax = 64;

    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;

    public readonly int Position => _position;

    public readonly ReadOnlySpan<byte> Remaining => _input[_position..];

    public readonly bool AtEnd => _position >= _input.Length;

    public readonly MsgPackKind PeekKind()
    {
        byte code = PeekByte();
        return code switch
        {
            <= 0x7f => MsgPackKind.Integer,
            <= 0x8f => MsgPackKind.Map,
            <= 0x9f => MsgPackKind.List,
            <= 0xbf => MsgPackKind.Text,
            0xc0 => MsgPackKind.Nil,
            0xc2 or 0xc3 => MsgPackKind.Bool,
            0xc4 or 0xc5 or 0xc6 => MsgPackKind.Bytes,
            0xc7 or 0xc8 or 0xc9 => MsgPackKind.Extension,
            0xca or 0xcb => MsgPackKind.Float,
            >= 0xcc and <= 0xd3 => MsgPackKind.Integer,
            >= 0xd4 and <= 0xd8 => MsgPackKind.Extension,
            0xd9 or 0xda or 0xdb => MsgPackKind.Text,
            0xdc or 0xdd => MsgPackKind.List,
            0xde or 0xdf => MsgPackKind.Map,
            >= 0xe0 => MsgPackKind.Integer,
            _ => throw new MsgPackFormatException($"byte 0x{code:x2} at {_position} begins no value"),
        };
    }

    /// <summary>Consumes a nil if one is next.</summary>
    public bool TryReadNil()
    {
        if (PeekByte() != 0xc0)
        {
            return false;
        }

        _position++;
        return true;
    }

    public bool ReadBool()
    {
        byte code = ReadByte();
        return code switch
        {
            0xc0 or 0xc2 => false,
            0xc3 => true,
            _ => throw Unexpected(code, "a boolean"),
        };
    }

    public ulong ReadUInt()
    {
        long value = ReadInteger(out bool unsigned);
        return value >= 0 || unsigned
            ? unchecked((ulong)value)
            : throw new MsgPackFormatException($"negative integer {value} where an unsigned one is expected");
    }

    public uint ReadUInt32()
    {
        ulong value = ReadUInt();
        return value <= uint.MaxValue
            ? (uint)value
            : throw new MsgPackFormatException($"integer {value} exceeds 32 bits");
    }

    public long ReadInt()
    {
        long value = ReadInteger(out bool unsigned);
        return unsigned && value < 0
            ? throw new MsgPackFormatException("integer exceeds 63 bits")
            : value;
    }

    public double ReadDouble()
    {
        byte code = PeekByte();
        switch (code)
        {
            case 0xca:
                _position++;
                return BinaryPrimitives.ReadSingleBigEndian(Take(4));
            case 0xcb:
                _position++;
                return BinaryPrimitives.ReadDoubleBigEndian(Take(8));
            case 0xc0:
                _position++;
                return 0;
            default:
                return ReadInt();
        }
    }

    /// <summary>A text field. Nil reads as the empty text; <c>bin</c> is refused as the real decoder refuses it.</summary>
    public string ReadText()
    {
        ReadOnlySpan<byte> raw = ReadRaw(allowBin: false, out bool nil);
        return nil || raw.IsEmpty ? string.Empty : Encoding.UTF8.GetString(raw);
    }

    /// <summary>A text field as bytes, for comparing keys without making a string.</summary>
    public ReadOnlySpan<byte> ReadTextBytes() => ReadRaw(allowBin: false, out _);

    /// <summary>A bytes field; null when nil was sent, which is different from empty.</summary>
    public byte[]? ReadBytes()
    {
        ReadOnlySpan<byte> raw = ReadRaw(allowBin: true, out bool nil);
        return nil ? null : raw.ToArray();
    }

    /// <summary>A bytes field without copying; empty when nil was sent.</summary>
    public ReadOnlySpan<byte> ReadBytesSpan() => ReadRaw(allowBin: true, out _);

    /// <summary>Number of elements, 0 for nil. Every element is at least one byte, so a count past the input is refused here.</summary>
    public int ReadListHeader()
    {
        byte code = ReadByte();
        long count = code switch
        {
            >= 0x90 and <= 0x9f => code & 0x0f,
            0xc0 => 0,
            0xdc => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xdd => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => throw Unexpected(code, "a list"),
        };
        return CheckCount(count, bytesPerElementMin: 1);
    }

    /// <summary>Number of pairs, 0 for nil.</summary>
    public int ReadMapHeader()
    {
        byte code = ReadByte();
        long count = code switch
        {
            >= 0x80 and <= 0x8f => code & 0x0f,
            0xc0 => 0,
            0xde => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xdf => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => throw Unexpected(code, "a map"),
        };
        return CheckCount(count, bytesPerElementMin: 2);
    }

    /// <summary>Steps over one value of any kind.</summary>
    public void Skip() => Skip(depth: 0);

    private void Skip(int depth)
    {
        if (depth > DepthMax)
        {
            throw new MsgPackFormatException($"values nest deeper than {DepthMax}");
        }

        switch (PeekKind())
        {
            case MsgPackKind.List:
                for (int left = ReadListHeader(); left > 0; left--)
                {
                    Skip(depth + 1);
                }

                break;
            case MsgPackKind.Map:
                for (int left = ReadMapHeader(); left > 0; left--)
                {
                    Skip(depth + 1);
                    Skip(depth + 1);
                }

                break;
            case MsgPackKind.Text:
            case MsgPackKind.Bytes:
                ReadRaw(allowBin: true, out _);
                break;
            case MsgPackKind.Float:
                ReadDouble();
                break;
            case MsgPackKind.Integer:
                ReadInteger(out _);
                break;
            case MsgPackKind.Extension:
                SkipExtension();
                break;
            default:
                _position++;
                break;
        }
    }

    private void SkipExtension()
    {
        byte code = ReadByte();
        int length = code switch
        {
            0xc7 => Take(1)[0],
            0xc8 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xc9 => checked((int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(Take(4)), int.MaxValue - 1)),
            _ => 1 << (code - 0xd4),
        };
        Take(1 + length);
    }

    private long ReadInteger(out bool unsigned)
    {
        byte code = ReadByte();
        unsigned = code is <= 0x7f or (>= 0xcc and <= 0xcf);
        return code switch
        {
            <= 0x7f => code,
            0xc0 => 0,
            0xcc => Take(1)[0],
            0xcd => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xce => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xcf => unchecked((long)BinaryPrimitives.ReadUInt64BigEndian(Take(8))),
            0xd0 => (sbyte)Take(1)[0],
            0xd1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xd2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            >= 0xe0 => (sbyte)code,
            _ => throw Unexpected(code, "an integer"),
        };
    }

    private ReadOnlySpan<byte> ReadRaw(bool allowBin, out bool nil)
    {
        byte code = ReadByte();
        nil = code == 0xc0;
        switch (code)
        {
            case >= 0xa0 and <= 0xbf:
                return Take(code & 0x1f);
            case 0xc0:
                return default;
            case 0xd9:
            case 0xc4 when allowBin:
                return Take(Take(1)[0]);
            case 0xda:
            case 0xc5 when allowBin:
                return Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2)));
            case 0xdb:
            case 0xc6 when allowBin:
                return Take(BinaryPrimitives.ReadUInt32BigEndian(Take(4)));
            default:
                throw Unexpected(code, allowBin ? "bytes" : "text");
        }
    }

    private readonly int CheckCount(long count, int bytesPerElementMin)
    {
        long left = _input.Length - _position;
        return count * bytesPerElementMin <= left
            ? (int)count
            : throw new MsgPackFormatException($"{count} elements announced where {left} bytes are left");
    }

    private readonly byte PeekByte() => _position < _input.Length
        ? _input[_position]
        : throw new MsgPackFormatException("input ends where a value is expected");

    private byte ReadByte()
    {
        byte code = PeekByte();
        _position++;
        return code;
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length > _input.Length - _position)
        {
            throw new MsgPackFormatException($"{length} bytes announced where {_input.Length - _position} are left");
        }

        ReadOnlySpan<byte> taken = _input.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private readonly MsgPackFormatException Unexpected(byte code, string expected) =>
        new($"byte 0x{code:x2} at {_position - 1} where {expected} is expected");
}
