using System.Buffers.Binary;

namespace K8sConsul.Gossip.Wire;

/// <summary>
/// The layers around a packet. Sending: message, compress, CRC, encrypt, label; receiving: the same backwards, except that
/// compression may also occur further inside and is undone by the dispatcher.
/// </summary>
internal sealed class PacketCodec(GossipOptions options, Keyring? keyring, NonceSource nonces)
{
    private const int CrcHeaderBytes = 5;

    private readonly byte[] _labelPrefix = Label.Prefix(options.Label);

    private bool Encrypts => keyring is not null && options.VerifyOutgoing;

    private ReadOnlySpan<byte> LabelText => _labelPrefix.Length == 0 ? [] : _labelPrefix.AsSpan(2);

    /// <summary>Bytes of a packet that are not message: what a sender must leave free.</summary>
    public int OverheadBytes => _labelPrefix.Length + (Encrypts ? GossipCipher.OverheadBytes : 0);

    /// <summary>The datagram to send.</summary>
    /// <param name="message">A message or a compound.</param>
    /// <param name="addCrc">The receiver is known to speak memberlist protocol 5.</param>
    public byte[] Seal(byte[] message, bool addCrc)
    {
        byte[] body = message;
        if (options.Compression)
        {
            byte[] packed = Compression.Wrap(message);
            if (packed.Length < body.Length)
            {
                body = packed;
            }
        }

        if (addCrc)
        {
            var checkedBody = new byte[CrcHeaderBytes + body.Length];
            checkedBody[0] = (byte)MessageType.HasCrc;
            BinaryPrimitives.WriteUInt32BigEndian(checkedBody.AsSpan(1), Crc32.Compute(body));
            body.CopyTo(checkedBody, CrcHeaderBytes);
            body = checkedBody;
        }

        if (!Encrypts)
        {
            return _labelPrefix.Length == 0 ? body : [.. _labelPrefix, .. body];
        }

        var packet = new byte[_labelPrefix.Length + GossipCipher.EncryptedLength(GossipCipher.VersionPlain, body.Length)];
        _labelPrefix.CopyTo(packet, 0);
        GossipCipher.Encrypt(
            GossipCipher.VersionPlain, keyring!.Primary, body, LabelText, nonces, packet.AsSpan(_labelPrefix.Length));
        return packet;
    }

    /// <summary>The message inside a datagram: a plain, compound or compress message.</summary>
    /// <exception cref="GossipFormatException">The packet is to be dropped; the text says why, in memberlist's words.</exception>
    public ReadOnlyMemory<byte> Open(ReadOnlyMemory<byte> datagram)
    {
        if (datagram.Length > WireLimits.PacketBytesMax)
        {
            throw new GossipFormatException($"packet of {datagram.Length} bytes");
        }

        int labelLength = Label.Measure(datagram.Span);
        if (!datagram.Span[..labelLength].SequenceEqual(_labelPrefix))
        {
            throw new GossipFormatException("discarding packet with unacceptable label");
        }

        ReadOnlyMemory<byte> body = Decrypt(datagram[labelLength..]);
        if (body.IsEmpty)
        {
            throw new GossipFormatException("empty packet");
        }

        return body.Span[0] == (byte)MessageType.HasCrc ? CheckCrc(body) : body;
    }

    private ReadOnlyMemory<byte> Decrypt(ReadOnlyMemory<byte> body)
    {
        if (keyring is null)
        {
            return body;
        }

        try
        {
            return GossipCipher.Decrypt(keyring, body.Span, LabelText);
        }
        catch (GossipFormatException e)
        {
            // While encryption is being introduced plain packets are welcome; what is neither is noise further on.
            return options.VerifyIncoming
                ? throw new GossipFormatException($"Decrypt packet failed: {e.Message}")
                : body;
        }
    }

    private static ReadOnlyMemory<byte> CheckCrc(ReadOnlyMemory<byte> body)
    {
        if (body.Length < CrcHeaderBytes)
        {
            throw new GossipFormatException("packet with a truncated checksum");
        }

        uint announced = BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]);
        uint actual = Crc32.Compute(body.Span[CrcHeaderBytes..]);
        return announced == actual
            ? body[CrcHeaderBytes..]
            : throw new GossipFormatException($"Got invalid checksum for UDP packet: {actual:x}, {announced:x}");
    }
}
