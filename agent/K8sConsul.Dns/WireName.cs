namespace K8sConsul.Dns;

/// <summary>Names as they stand in a message: labels, each behind its length, up to a zero octet or a pointer (RFC 1035 §4.1.4).</summary>
public static class WireName
{
    private const int PointerMark = 0xc0;

    /// <summary>Reads a name and follows its pointers.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; afterwards the first octet behind it, as it stands in the message.</param>
    /// <param name="scratch">At least <see cref="DnsLimits.NameLengthMax"/> octets; written only where a pointer is met.</param>
    /// <param name="name">The name without pointers, its zero octet included: a part of the message, or of the scratch.</param>
    /// <returns>False when the name is cut, too long, loops, or holds a label type that no RFC in use defines.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, scoped ref int offset, Span<byte> scratch, out ReadOnlySpan<byte> name)
    {
        int start = offset;
        int position = offset;
        int copied = 0;
        int pointers = 0;
        name = default;
        while (position < message.Length)
        {
            int length = message[position];
            switch (length & PointerMark)
            {
                case 0 when pointers == 0:
                    position += length + 1;
                    if (position - start > DnsLimits.NameLengthMax)
                    {
                        return false;
                    }

                    if (length == 0)
                    {
                        name = message[start..position];
                        offset = position;
                        return true;
                    }

                    break;

                case 0:
                    if (position + length + 1 > message.Length || copied + length + 1 > DnsLimits.NameLengthMax)
                    {
                        return false;
                    }

                    message.Slice(position, length + 1).CopyTo(scratch[copied..]);
                    copied += length + 1;
                    position += length + 1;
                    if (length == 0)
                    {
                        name = scratch[..copied];
                        return true;
                    }

                    break;

                case PointerMark:
                    if (position + 1 >= message.Length || ++pointers > DnsLimits.PointersMax)
                    {
                        return false;
                    }

                    if (pointers == 1)
                    {
                        // Everything before the first pointer was one run.
                        copied = position - start;
                        message[start..position].CopyTo(scratch);
                        offset = position + 2;
                    }

                    position = ((length & ~PointerMark) << 8) | message[position + 1];
                    break;

                default:
                    // 01 and 10 are the extended and unallocated label types; RFC 6891 §5 gave the last use up.
                    return false;
            }
        }

        return false;
    }

    /// <summary>Copies a name without pointers in lower case. ASCII letters only: RFC 4343 §3.</summary>
    /// <remarks>Length octets are below 64 and so never taken for letters.</remarks>
    public static void CopyLower(ReadOnlySpan<byte> name, Span<byte> lower)
    {
        for (int i = 0; i < name.Length; i++)
        {
            byte octet = name[i];
            lower[i] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }
    }

    /// <summary>Compares two names without pointers, letters of either case being the same.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            int difference = left[i] ^ right[i];
            if (difference != 0 && (difference != 0x20 || !char.IsAsciiLetter((char)left[i])))
            {
                return false;
            }
        }

        return true;
    }
}
