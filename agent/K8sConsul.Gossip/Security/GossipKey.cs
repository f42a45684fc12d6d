using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>An AES key of a pool: 16, 24 or 32 bytes. Compared by value.</summary>
public sealed class GossipKey : IEquatable<GossipKey>
{
    private readonly ImmutableArray<byte> _bytes;

    private GossipKey(ImmutableArray<byte> bytes)
    {
        _bytes = bytes;
        Base64 = Convert.ToBase64String(bytes.AsSpan());
    }

    /// <summary>As it stands in the keyring file and in <c>consul keyring -list</c>.</summary>
    public string Base64 { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan();

    /// <summary>False, with memberlist's text, for any other length.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out GossipKey key, out string error)
    {
        bool valid = bytes.Length is 16 or 24 or 32;
        key = valid ? new GossipKey([.. bytes]) : null!;
        error = valid ? string.Empty : "key size must be 16, 24 or 32 bytes";
        return valid;
    }

    public bool Equals(GossipKey? other) => other is not null && Base64 == other.Base64;

    public override bool Equals(object? obj) => Equals(obj as GossipKey);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Base64);

    /// <summary>Never the key itself: this lands in logs.</summary>
    public override string ToString() => $"AES-{_bytes.Length * 8} key";
}
