using System.Buffers.Binary;

namespace K8sConsul.Gossip.Wire;

/// <summary>Several messages in one packet: count, big-endian lengths, bodies.</summary>
internal static class CompoundPacket
{
    /// <summary>Type byte and count.</summary>
    public const int HeaderBytes = 2;

    /// <summary>What each part costs besides its body.</summary>
    public const int PartOverheadBytes = 2;

    /// <summary>Joins messages into one, type byte included.</summary>
    /// <param name="parts">1 to <see cref="WireLimits.CompoundPartCountMax"/> messages of at most 65535 bytes.</param>
    public static byte[] Encode(ReadOnlySpan<byte[]> parts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts.Length, WireLimits.CompoundPartCountMax);
        int size = HeaderBytes + (parts.Length * PartOverheadBytes);
        foreach (byte[] part in parts)
        {
            size += part.Length;
        }

        var packet = new byte[size];
        packet[0] = (byte)MessageType.Compound;
        packet[1] = (byte)parts.Length;
        int lengthAt = HeaderBytes;
        int bodyAt = HeaderBytes + (parts.Length * PartOverheadBytes);
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(lengthAt), checked((ushort)part.Length));
            lengthAt += PartOverheadBytes;
            part.CopyTo(packet, bodyAt);
            bodyAt += part.Length;
        }

        return packet;
    }

    /// <summary>Ranges of the parts that are there; those cut off are counted.</summary>
    /// <param name="body">After the type byte.</param>
    /// <param name="truncated">Parts that were announced and are missing.</param>
    public static List<Range> Decode(ReadOnlySpan<byte> body, out int truncated)
    {
        if (body.IsEmpty)
        {
            throw new GossipFormatException("missing compound length byte");
        }

        int count = body[0];
        int bodyAt = 1 + (count * PartOverheadBytes);
        if (body.Length < bodyAt)
        {
            throw new GossipFormatException("truncated len slice");
        }

        var parts = new List<Range>(count);
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(body[(1 + (i * PartOverheadBytes))..]);
            if (length > body.Length - bodyAt)
            {
                truncated = count - i;
                return parts;
            }

            parts.Add(bodyAt..(bodyAt + length));
            bodyAt += length;
        }

        truncated = 0;
        return parts;
    }
}
