using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>
/// The keys of a pool; the first encrypts, all decrypt. Only the owner loop changes it; streams read it from their own tasks
/// and see either the old list or the new one.
/// </summary>
public sealed class Keyring
{
    // Replaced whole, never changed in place.
    private volatile GossipKey[] _keys;

    /// <summary>A ring as it stands in a keyring file.</summary>
    /// <param name="keys">At least one, the primary first; repeats are dropped.</param>
    public Keyring(IEnumerable<GossipKey> keys)
    {
        _keys = keys.Distinct().ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(_keys.Length, nameof(keys));
    }

    public ImmutableArray<GossipKey> Keys => [.. _keys];

    public GossipKey Primary => _keys[0];

    internal ReadOnlySpan<GossipKey> DecryptionOrder => _keys;

    /// <summary>Adds a key behind the others; one that is there already changes nothing.</summary>
    public void Install(GossipKey key)
    {
        if (!_keys.Contains(key))
        {
            _keys = [.. _keys, key];
        }
    }

    /// <summary>Makes a key the primary one.</summary>
    /// <returns>Null, or the reason of the refusal.</returns>
    public string? Use(GossipKey key)
    {
        GossipKey[] keys = _keys;
        if (!keys.Contains(key))
        {
            return "Requested key is not in the keyring";
        }

        _keys = [key, .. keys.Where(other => !other.Equals(key))];
        return null;
    }

    /// <summary>Forgets a key; one that is not there changes nothing.</summary>
    /// <returns>Null, or the reason of the refusal.</returns>
    public string? Remove(GossipKey key)
    {
        GossipKey[] keys = _keys;
        if (keys[0].Equals(key))
        {
            return "Removing the primary key is not allowed";
        }

        _keys = [.. keys.Where(other => !other.Equals(key))];
        return null;
    }
}
