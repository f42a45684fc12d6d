using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// Answers by question, each as long as neither the catalog nor the configuration has moved. Names differing in case are one
/// question; the reply echoes the client's case because records refer to the question by place.
/// </summary>
internal sealed class AnswerCache
{
    /// <summary>Questions kept. Some megabytes at worst; a cluster asks for hundreds of names, not thousands.</summary>
    public const int EntriesMax = 8192;

    /// <summary>A key's octets: the name in lower case, the type, whether the client speaks EDNS.</summary>
    public const int KeyLengthMax = DnsLimits.NameLengthMax + 3;

    private readonly ConcurrentDictionary<byte[], Entry> _entries = new(new KeyComparer());
    private readonly ConcurrentDictionary<byte[], Entry>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private int _count;

    public AnswerCache() => _bySpan = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();

    private sealed record Entry(ResolvedAnswer Answer, DnsConfiguration Configuration);

    /// <summary>Writes a question's key.</summary>
    /// <param name="query">The question.</param>
    /// <param name="key">At least <see cref="KeyLengthMax"/> octets.</param>
    /// <returns>The key's length.</returns>
    public static int WriteKey(in DnsQuery query, Span<byte> key)
    {
        WireName.CopyLower(query.Name, key);
        int length = query.Name.Length;
        key[length] = (byte)((ushort)query.Type >> 8);
        key[length + 1] = (byte)query.Type;
        key[length + 2] = query.HasEdns ? (byte)1 : (byte)0;
        return length + 3;
    }

    /// <summary>Finds an answer that still holds.</summary>
    /// <param name="key">The question's key.</param>
    /// <param name="index">The catalog's index now; 0 finds nothing.</param>
    /// <param name="configuration">The configuration now.</param>
    /// <param name="answer">The answer.</param>
    public bool TryGet(ReadOnlySpan<byte> key, ulong index, DnsConfiguration configuration, [NotNullWhen(true)] out ResolvedAnswer? answer)
    {
        if (index != 0
            && _bySpan.TryGetValue(key, out Entry? entry)
            && entry.Answer.Index == index
            && ReferenceEquals(entry.Configuration, configuration))
        {
            answer = entry.Answer;
            return true;
        }

        answer = null;
        return false;
    }

    /// <summary>Keeps an answer, unless it is one of a kind that is not kept: those without an index.</summary>
    public void Put(ReadOnlySpan<byte> key, ResolvedAnswer answer, DnsConfiguration configuration)
    {
        if (answer.Index == 0)
        {
            return;
        }

        // Names come from clients, so their number is bounded. Starting over is simple, and what is in use is back at once.
        if (Volatile.Read(ref _count) >= EntriesMax)
        {
            Clear();
        }

        var entry = new Entry(answer, configuration);
        if (_bySpan.TryAdd(key, entry))
        {
            Interlocked.Increment(ref _count);
        }
        else
        {
            _bySpan[key] = entry;
        }
    }

    public void Clear()
    {
        // The count may lag behind for entries added meanwhile; it only has to keep the bound's order of magnitude.
        _entries.Clear();
        Volatile.Write(ref _count, 0);
    }

    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        // HashCode is seeded per process, so that clients cannot aim at one bucket.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
