using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace K8sConsul.MessagePack;

/// <summary>
/// Writes the old-specification MessagePack that go-msgpack 0.5 writes: text and bytes share the "raw" family
/// (<c>a0</c>, <c>da</c>, <c>db</c>), and non-negative integers take the shortest unsigned form.
/// </summary>
/// <remarks>
/// Peers reject the newer <c>bin</c> forms for text and map keys, so they are never written except by
/// <see cref="WriteBin8"/> and <see cref="WriteStr8"/>, which exist for the one payload (Consul user events) that uses them.
/// </remarks>
public readonly ref struct MsgPackWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    public void WriteNil() => WriteByte(0xc0);

    public void WriteBool(bool value) => WriteByte(value ? (byte)0xc3 : (byte)0xc2);

    public void WriteUInt(ulong value)
    {
        if (value <= 0x7f)
        {
            WriteByte((byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            Span<byte> span = _output.GetSpan(2);
            span[0] = 0xcc;
            span[1] = (byte)value;
            _output.Advance(2);
        }
        else if (value <= ushort.MaxValue)
        {
            Span<byte> span = _output.GetSpan(3);
            span[0] = 0xcd;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)value);
            _output.Advance(3);
        }
        else if (value <= uint.MaxValue)
        {
            Span<byte> span = _output.GetSpan(5);
            span[0] = 0xce;
            BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)value);
            _output.Advance(5);
        }
        else
        {
            Span<byte> span = _output.GetSpan(9);
            span[0] = 0xcf;
            BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
            _output.Advance(9);
        }
    }

    public void WriteInt(long value)
    {
        if (value >= 0)
        {
            WriteUInt((ulong)value);
        }
        else if (value >= -32)
        {
            WriteByte((byte)value);
        }
        else if (value >= sbyte.MinValue)
        {
            Span<byte> span = _output.GetSpan(2);
            span[0] = 0xd0;
            span[1] = (byte)value;
            _output.Advance(2);
        }
        else if (value >= short.MinValue)
        {
            Span<byte> span = _output.GetSpan(3);
            span[0] = 0xd1;
            BinaryPrimitives.WriteInt16BigEndian(span[1..], (short)value);
            _output.Advance(3);
        }
        else if (value >= int.MinValue)
        {
            Span<byte> span = _output.GetSpan(5);
            span[0] = 0xd2;
            BinaryPrimitives.WriteInt32BigEndian(span[1..], (int)value);
            _output.Advance(5);
        }
        else
        {
            Span<byte> span = _output.GetSpan(9);
            span[0] = 0xd3;
            BinaryPrimitives.WriteInt64BigEndian(span[1..], value);
            _output.Advance(9);
        }
    }

    public void WriteDouble(double value)
    {
        Span<byte> span = _output.GetSpan(9);
        span[0] = 0xcb;
        BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
        _output.Advance(9);
    }

    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        WriteRawHeader(value.Length);
        _output.Write(value);
    }

    public void WriteText(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteRawHeader(length);
        if (length == 0)
        {
            return;
        }

        Span<byte> span = _output.GetSpan(length);
        Encoding.UTF8.GetBytes(value, span);
        _output.Advance(length);
    }

    public void WriteListHeader(int count) => WriteCollectionHeader(count, 0x90, 0xdc);

    public void WriteMapHeader(int count) => WriteCollectionHeader(count, 0x80, 0xde);

    /// <summary>New-specification text of at most 255 bytes (<c>d9</c>).</summary>
    public void WriteStr8(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, byte.MaxValue);
        if (length < 32)
        {
            WriteRawHeader(length);
        }
        else
        {
            Span<byte> head = _output.GetSpan(2);
            head[0] = 0xd9;
            head[1] = (byte)length;
            _output.Advance(2);
        }

        Span<byte> span = _output.GetSpan(length + 1);
        Encoding.UTF8.GetBytes(value, span);
        _output.Advance(length);
    }

    /// <summary>New-specification bytes of at most 65535 bytes (<c>c4</c>, <c>c5</c>).</summary>
    public void WriteBin8(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, ushort.MaxValue);
        Span<byte> head = _output.GetSpan(3);
        if (value.Length <= byte.MaxValue)
        {
            head[0] = 0xc4;
            head[1] = (byte)value.Length;
            _output.Advance(2);
        }
        else
        {
            head[0] = 0xc5;
            BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)value.Length);
            _output.Advance(3);
        }

        _output.Write(value);
    }

    private void WriteRawHeader(int length)
    {
        if (length < 32)
        {
            WriteByte((byte)(0xa0 | length));
        }
        else if (length <= ushort.MaxValue)
        {
            Span<byte> span = _output.GetSpan(3);
            span[0] = 0xda;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)length);
            _output.Advance(3);
        }
        else
        {
            Span<byte> span = _output.GetSpan(5);
            span[0] = 0xdb;
            BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)length);
            _output.Advance(5);
        }
    }

    private void WriteCollectionHeader(int count, byte fix, byte wide)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count < 16)
        {
            WriteByte((byte)(fix | count));
        }
        else if (count <= ushort.MaxValue)
        {
            Span<byte> span = _output.GetSpan(3);
            span[0] = wide;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)count);
            _output.Advance(3);
        }
        else
        {
            Span<byte> span = _output.GetSpan(5);
            span[0] = (byte)(wide + 1);
            BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)count);
            _output.Advance(5);
        }
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
