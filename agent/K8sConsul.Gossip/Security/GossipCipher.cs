using System.Security.Cryptography;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>AES-GCM as memberlist frames it: version, nonce, ciphertext, tag.</summary>
internal static class GossipCipher
{
    /// <summary>Plaintext padded to whole blocks; only the oldest peers send it.</summary>
    public const byte VersionPadded = 0;

    public const byte VersionPlain = 1;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int BlockBytes = 16;

    /// <summary>What encryption adds to a message of ours.</summary>
    public const int OverheadBytes = 1 + NonceBytes + TagBytes;

    public static int EncryptedLength(byte version, int plainLength) =>
        OverheadBytes + (version == VersionPadded ? plainLength + BlockBytes - (plainLength % BlockBytes) : plainLength);

    /// <summary>Writes version, nonce, ciphertext and tag.</summary>
    /// <param name="version">0 or 1.</param>
    /// <param name="key">Encrypts.</param>
    /// <param name="plain">Any length.</param>
    /// <param name="associated">Authenticated with the message, not sent with it.</param>
    /// <param name="nonces">Gives the nonce.</param>
    /// <param name="payload">Exactly <see cref="EncryptedLength"/> bytes.</param>
    public static void Encrypt(
        byte version, GossipKey key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, NonceSource nonces, Span<byte> payload)
    {
        payload[0] = version;
        Span<byte> nonce = payload.Slice(1, NonceBytes);
        nonces(nonce);
        Span<byte> cipherText = payload[(1 + NonceBytes)..^TagBytes];
        plain.CopyTo(cipherText);
        cipherText[plain.Length..].Fill((byte)(cipherText.Length - plain.Length));
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, cipherText, cipherText, payload[^TagBytes..], associated);
    }

    /// <summary>Tries every key in order.</summary>
    /// <exception cref="GossipFormatException">Too short, of an unknown version, or encrypted with none of the keys. memberlist's texts.</exception>
    public static byte[] Decrypt(Keyring keyring, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated)
    {
        if (payload.IsEmpty)
        {
            throw new GossipFormatException("Cannot decrypt empty payload");
        }

        byte version = payload[0];
        if (version > VersionPlain)
        {
            throw new GossipFormatException($"Unsupported encryption version {version}");
        }

        if (payload.Length < EncryptedLength(version, 0))
        {
            throw new GossipFormatException($"Payload is too small to decrypt: {payload.Length}");
        }

        var plain = new byte[payload.Length - OverheadBytes];
        foreach (GossipKey key in keyring.DecryptionOrder)
        {
            if (TryDecrypt(key, payload, associated, plain))
            {
                return version == VersionPadded ? RemovePadding(plain) : plain;
            }
        }

        throw new GossipFormatException("No installed keys could decrypt the message");
    }

    private static bool TryDecrypt(GossipKey key, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associated, byte[] plain)
    {
        using var aes = new AesGcm(key.Bytes, TagBytes);
        try
        {
            aes.Decrypt(payload.Slice(1, NonceBytes), payload[(1 + NonceBytes)..^TagBytes], payload[^TagBytes..], plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static byte[] RemovePadding(byte[] plain)
    {
        int padding = plain[^1];
        return padding is > 0 and <= BlockBytes && padding <= plain.Length
            ? plain[..^padding]
            : throw new GossipFormatException($"padding of {padding} bytes");
    }
}
