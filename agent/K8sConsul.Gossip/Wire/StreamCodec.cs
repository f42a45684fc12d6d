using System.Buffers.Binary;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>
/// The layers around the one message on a stream: compress, encrypt frame, label prefix. Without state of its own apart from the
/// keyring, so that the shell can use it from the task of each stream and leave the owner loop free.
/// </summary>
public sealed class StreamCodec(GossipOptions options, Keyring? keyring, NonceSource nonces)
{
    private const int HeaderBytes = 5;

    private readonly byte[] _labelPrefix = Label.Prefix(options.Label);

    private byte[] LabelText => _labelPrefix.Length == 0 ? [] : _labelPrefix[2..];

    /// <summary>The bytes to write.</summary>
    /// <param name="message">Type byte and body.</param>
    /// <param name="first">The label stands only once, where the initiator begins.</param>
    public byte[] Seal(byte[] message, bool first)
    {
        byte[] prefix = first ? _labelPrefix : [];
        byte[] body = options.Compression ? Compression.Wrap(message) : message;
        if (keyring is null || !options.VerifyOutgoing)
        {
            return prefix.Length == 0 ? body : [.. prefix, .. body];
        }

        int payloadLength = GossipCipher.EncryptedLength(GossipCipher.VersionPlain, body.Length);
        var frame = new byte[prefix.Length + HeaderBytes + payloadLength];
        prefix.CopyTo(frame, 0);
        Span<byte> header = frame.AsSpan(prefix.Length, HeaderBytes);
        header[0] = (byte)MessageType.Encrypt;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)payloadLength);
        byte[] associated = [.. header, .. LabelText];
        GossipCipher.Encrypt(
            GossipCipher.VersionPlain, keyring.Primary, body, associated, nonces, frame.AsSpan(prefix.Length + HeaderBytes));
        return frame;
    }

    /// <summary>Type byte and body of the message in a complete frame.</summary>
    /// <param name="frame">As <see cref="StreamFramer"/> found it.</param>
    /// <param name="first">The initiator's direction, which begins with the label.</param>
    /// <exception cref="GossipFormatException">Cannot be read; the text is what memberlist would answer.</exception>
    public byte[] Open(ReadOnlySpan<byte> frame, bool first)
    {
        if (first)
        {
            int labelLength = Label.Measure(frame);
            if (!frame[..labelLength].SequenceEqual(_labelPrefix))
            {
                throw new GossipFormatException("discarding stream with unacceptable label");
            }

            frame = frame[labelLength..];
        }

        byte[] message = Decrypt(frame);
        if (message.Length > 0 && message[0] == (byte)MessageType.Compress)
        {
            message = Inflate(message);
        }

        return message.Length > 0 ? message : throw new GossipFormatException("empty message");
    }

    /// <summary>The answer to a stream that could not be opened.</summary>
    public byte[] SealError(string text) => Seal(new ErrorMessage(text).Encode(), first: false);

    private static byte[] Inflate(byte[] message)
    {
        try
        {
            return Compression.Unwrap(message.AsSpan(1), WireLimits.StreamInflatedBytesMax);
        }
        catch (MsgPackFormatException e)
        {
            throw new GossipFormatException($"compressed message: {e.Message}");
        }
    }

    private byte[] Decrypt(ReadOnlySpan<byte> frame)
    {
        bool encrypted = !frame.IsEmpty && frame[0] == (byte)MessageType.Encrypt;
        if (!encrypted)
        {
            return keyring is null || !options.VerifyIncoming
                ? frame.ToArray()
                : throw new GossipFormatException("Encryption is configured but remote state is not encrypted");
        }

        if (keyring is null)
        {
            throw new GossipFormatException("Remote state is encrypted and encryption is not configured");
        }

        if (frame.Length < HeaderBytes)
        {
            throw new GossipFormatException("encrypted frame without a length");
        }

        byte[] associated = [.. frame[..HeaderBytes], .. LabelText];
        return GossipCipher.Decrypt(keyring, frame[HeaderBytes..], associated);
    }
}
