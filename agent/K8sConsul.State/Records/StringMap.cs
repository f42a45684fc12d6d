using System.Collections;

namespace K8sConsul.State.Records;

/// <summary>
/// A small immutable map of texts, ordered by key (ordinal). The order is part of what clients see, and a map of a few
/// entries is read faster and kept smaller as one sorted array than as a hash table.
/// </summary>
public sealed class StringMap : IEquatable<StringMap>, IReadOnlyList<KeyValuePair<string, string>>, IReadOnlyDictionary<string, string>
{
    public static readonly StringMap Empty = new([]);

    private readonly KeyValuePair<string, string>[] _entries;

    private StringMap(KeyValuePair<string, string>[] entries) => _entries = entries;

    public int Count => _entries.Length;

    public KeyValuePair<string, string> this[int index] => _entries[index];

    public string? this[string key] => TryGet(key, out string? value) ? value : null;

    /// <summary>Keys given twice keep the last value, as a JSON object read by Go does.</summary>
    public static StringMap Of(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in entries)
        {
            sorted[key] = value;
        }

        return sorted.Count == 0 ? Empty : new StringMap([.. sorted]);
    }

    public static StringMap Of(params ReadOnlySpan<(string Key, string Value)> entries)
    {
        var pairs = new List<KeyValuePair<string, string>>(entries.Length);
        foreach ((string key, string value) in entries)
        {
            pairs.Add(new(key, value));
        }

        return Of(pairs);
    }

    /// <summary>An absent map and an empty one differ: clients see <c>null</c> for the one and <c>{}</c> for the other.</summary>
    public static bool Same(StringMap? left, StringMap? right) => left is null ? right is null : left.Equals(right);

    IEnumerable<string> IReadOnlyDictionary<string, string>.Keys => _entries.Select(entry => entry.Key);

    IEnumerable<string> IReadOnlyDictionary<string, string>.Values => _entries.Select(entry => entry.Value);

    string IReadOnlyDictionary<string, string>.this[string key] =>
        TryGet(key, out string? value) ? value! : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGet(key, out _);

    bool IReadOnlyDictionary<string, string>.TryGetValue(string key, out string value)
    {
        bool found = TryGet(key, out string? present);
        value = present!;
        return found;
    }

    public bool TryGet(string key, out string? value)
    {
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public bool Equals(StringMap? other) =>
        other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as StringMap);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            hash.Add(entry.Key, StringComparer.Ordinal);
            hash.Add(entry.Value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();
}
