using System.Buffers;

namespace K8sConsul.Gossip.Wire;

/// <summary>
/// Go's <c>compress/lzw</c> with least-significant-bit-first codes and 8-bit literals: the same bytes out for the same bytes in.
/// </summary>
internal static class Lzw
{
    private const int LiteralBits = 8;
    private const int ClearCode = 1 << LiteralBits;
    private const int EndCode = ClearCode + 1;
    private const int WidthMax = 12;
    private const int CodeMax = (1 << WidthMax) - 1;
    private const int InvalidCode = -1;

    /// <summary>Open addressing; a key is 20 bits (code and literal), so 0 marks a free slot only because values are never 0.</summary>
    private const int TableSlots = 4 << WidthMax;

    public static byte[] Compress(ReadOnlySpan<byte> input)
    {
        // Growth in the worst case (all literals at rising widths, with resets) is 12 bits a byte, and a few codes.
        var output = new BitSink((input.Length * 3 / 2) + 16);
        uint[] table = ArrayPool<uint>.Shared.Rent(TableSlots);
        try
        {
            Array.Clear(table, 0, TableSlots);
            Encode(input, ref output, table);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(table);
        }

        return output.Finish();
    }

    /// <summary>Undoes <see cref="Compress"/>.</summary>
    /// <exception cref="GossipFormatException">The codes make no sense, or more than <paramref name="outputBytesMax"/> come out.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> input, int outputBytesMax)
    {
        Span<byte> suffix = stackalloc byte[1 << WidthMax];
        Span<ushort> prefix = stackalloc ushort[1 << WidthMax];
        Span<byte> reversed = stackalloc byte[1 << WidthMax];
        var output = new ArrayBufferWriter<byte>(Math.Min(outputBytesMax, Math.Max(64, input.Length * 3)));
        (int width, int hi, int overflow, int last) = (LiteralBits + 1, EndCode, 1 << (LiteralBits + 1), InvalidCode);
        (uint bits, int bitCount, int position) = (0, 0, 0);
        while (true)
        {
            while (bitCount < width)
            {
                if (position >= input.Length)
                {
                    throw new GossipFormatException("lzw: unexpected EOF");
                }

                bits |= (uint)input[position++] << bitCount;
                bitCount += 8;
            }

            int code = (int)(bits & ((1u << width) - 1));
            bits >>= width;
            bitCount -= width;
            int expansionAt;
            if (code < ClearCode)
            {
                expansionAt = reversed.Length - 1;
                reversed[expansionAt] = (byte)code;
            }
            else if (code == ClearCode)
            {
                (width, hi, overflow, last) = (LiteralBits + 1, EndCode, 1 << (LiteralBits + 1), InvalidCode);
                continue;
            }
            else if (code == EndCode)
            {
                return output.WrittenSpan.ToArray();
            }
            else if (code <= hi && (code < hi || last != InvalidCode))
            {
                expansionAt = Expand(code, hi, last, prefix, suffix, reversed);
            }
            else
            {
                throw new GossipFormatException("lzw: invalid code");
            }

            ReadOnlySpan<byte> expansion = reversed[expansionAt..];
            if (output.WrittenCount + expansion.Length > outputBytesMax)
            {
                throw new GossipFormatException($"decompressed size exceeds {outputBytesMax} bytes");
            }

            output.Write(expansion);
            if (last != InvalidCode)
            {
                suffix[hi] = expansion[0];
                prefix[hi] = (ushort)last;
            }

            (last, hi) = (code, hi + 1);
            if (hi >= overflow)
            {
                if (width == WidthMax)
                {
                    (last, hi) = (InvalidCode, hi - 1);
                }
                else
                {
                    width++;
                    overflow <<= 1;
                }
            }
        }
    }

    private static void Encode(ReadOnlySpan<byte> input, ref BitSink output, uint[] table)
    {
        (int width, int hi, int overflow) = (LiteralBits + 1, EndCode, 1 << (LiteralBits + 1));
        output.Write(ClearCode, width);
        if (!input.IsEmpty)
        {
            int code = input[0];
            foreach (byte literal in input[1..])
            {
                uint key = ((uint)code << LiteralBits) | literal;
                int slot = FindSlot(table, key);
                if (table[slot] != 0)
                {
                    code = (int)(table[slot] & CodeMax);
                    continue;
                }

                output.Write(code, width);
                code = literal;
                if (Bump(ref width, ref hi, ref overflow, ref output, table))
                {
                    table[slot] = (key << WidthMax) | (uint)hi;
                }
            }

            output.Write(code, width);
            Bump(ref width, ref hi, ref overflow, ref output, table);
        }

        output.Write(EndCode, width);
    }

    /// <summary>Claims the next code; false when the table was full and everything starts afresh.</summary>
    private static bool Bump(ref int width, ref int hi, ref int overflow, ref BitSink output, uint[] table)
    {
        hi++;
        if (hi == overflow)
        {
            width++;
            overflow <<= 1;
        }

        if (hi != CodeMax)
        {
            return true;
        }

        output.Write(ClearCode, width);
        (width, hi, overflow) = (LiteralBits + 1, EndCode, 1 << (LiteralBits + 1));
        Array.Clear(table, 0, TableSlots);
        return false;
    }

    private static int FindSlot(uint[] table, uint key)
    {
        int slot = (int)(((key >> WidthMax) ^ key) & (TableSlots - 1));
        while (table[slot] != 0 && table[slot] >> WidthMax != key)
        {
            slot = (slot + 1) & (TableSlots - 1);
        }

        return slot;
    }

    /// <summary>Writes the bytes of a code right-aligned into <paramref name="reversed"/>.</summary>
    /// <returns>Where they begin.</returns>
    private static int Expand(
        int code, int hi, int last, ReadOnlySpan<ushort> prefix, ReadOnlySpan<byte> suffix, Span<byte> reversed)
    {
        int at = reversed.Length;
        int walked = code;
        if (code == hi)
        {
            // The code being defined right now: the last expansion and, once more, its own first byte.
            walked = last;
            while (walked >= ClearCode)
            {
                walked = prefix[walked];
            }

            reversed[--at] = (byte)walked;
            walked = last;
        }

        while (walked >= ClearCode)
        {
            reversed[--at] = suffix[walked];
            walked = prefix[walked];
        }

        reversed[--at] = (byte)walked;
        return at;
    }

    private ref struct BitSink(int capacity)
    {
        private readonly byte[] _bytes = new byte[capacity];
        private uint _bits;
        private int _bitCount;
        private int _length;

        public void Write(int code, int width)
        {
            _bits |= (uint)code << _bitCount;
            _bitCount += width;
            while (_bitCount >= 8)
            {
                _bytes[_length++] = (byte)_bits;
                _bits >>= 8;
                _bitCount -= 8;
            }
        }

        public byte[] Finish()
        {
            if (_bitCount > 0)
            {
                _bytes[_length++] = (byte)_bits;
            }

            return _bytes.AsSpan(0, _length).ToArray();
        }
    }
}
