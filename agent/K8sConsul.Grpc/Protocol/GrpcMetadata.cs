using System.Collections;

namespace K8sConsul.Grpc;

/// <summary>
/// Headers or trailers of a call, in order, names in lower case. A name that ends in <c>-bin</c> carries bytes, which
/// travel as base64.
/// </summary>
public sealed class GrpcMetadata : IEnumerable<KeyValuePair<string, string>>
{
    /// <summary>An empty instance that must not be added to.</summary>
    public static readonly GrpcMetadata Empty = new() { _readOnly = true };

    private const string BinarySuffix = "-bin";

    private readonly List<KeyValuePair<string, string>> _entries = [];
    private bool _readOnly;

    public int Count => _entries.Count;

    public void Add(string name, string value)
    {
        Check(name);
        foreach (char c in value)
        {
            if (c is < ' ' or > '~')
            {
                throw new ArgumentException($"metadata value of \"{name}\" holds a character outside printable ASCII", nameof(value));
            }
        }

        _entries.Add(new(name, value));
    }

    public void AddBytes(string name, ReadOnlySpan<byte> value)
    {
        if (!name.EndsWith(BinarySuffix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"name of binary metadata must end in {BinarySuffix}: \"{name}\"", nameof(name));
        }

        Check(name);
        _entries.Add(new(name, Convert.ToBase64String(value).TrimEnd('=')));
    }

    /// <summary>The first value of the name, or null.</summary>
    public string? Get(string name)
    {
        foreach ((string key, string value) in _entries)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The first value of a <c>-bin</c> name, or null when it is absent or not base64 (padding is optional).</summary>
    public byte[]? GetBytes(string name)
    {
        string? text = Get(name);
        if (text is null)
        {
            return null;
        }

        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        byte[] bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out int written) ? bytes[..written] : null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Takes over what a peer sent, without judging its characters.</summary>
    internal void AddReceived(string name, string value) => _entries.Add(new(name, value));

    internal static bool IsReserved(string name) =>
        name.StartsWith("grpc-", StringComparison.Ordinal)
        || name is "content-type" or "te" or "user-agent" or "host" or "connection" or "content-length"
        || name.StartsWith(':');

    private void Check(string name)
    {
        if (_readOnly)
        {
            throw new InvalidOperationException("the shared empty metadata cannot be added to");
        }

        foreach (char c in name)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
            {
                throw new ArgumentException($"metadata name \"{name}\" holds a character outside [a-z0-9-_.]", nameof(name));
            }
        }

        if (name.Length == 0 || IsReserved(name))
        {
            throw new ArgumentException($"metadata name \"{name}\" is empty or belongs to the protocol", nameof(name));
        }
    }
}
