using System.Buffers;
using System.Text;

namespace K8sConsul.State;

/// <summary>
/// How table keys are made: parts joined by a NUL, each folded to lower case where names compare without case. The NUL
/// keeps <c>web</c> from being a prefix of <c>web-admin</c>.
/// </summary>
internal static class StateKeys
{
    /// <summary>The bytes of a key of the key/value store; case matters there.</summary>
    public static byte[] Exact(string key) => Encoding.UTF8.GetBytes(key);

    public static byte[] Folded(string part) => Join(part, null, null, terminate: false);

    public static byte[] Folded(string first, string second) => Join(first, second, null, terminate: false);

    public static byte[] Folded(string first, string second, string third) => Join(first, second, third, terminate: false);

    /// <summary>The prefix of all keys whose first part is exactly <paramref name="part"/>.</summary>
    public static byte[] FoldedPrefix(string part) => Join(part, null, null, terminate: true);

    public static byte[] FoldedPrefix(string first, string second) => Join(first, second, null, terminate: true);

    /// <summary>Where a locked entry stands in the table of keys by session.</summary>
    public static byte[] Held(Records.KvRecord entry) => Encoding.UTF8.GetBytes(entry.Session.ToLowerInvariant() + "\0" + entry.Key);

    /// <summary>Invariant folding, so that every replica of every culture makes the same key.</summary>
    private static byte[] Join(string first, string? second, string? third, bool terminate)
    {
        int charsMax = first.Length + (second?.Length + 1 ?? 0) + (third?.Length + 1 ?? 0) + 1;
        char[] rented = ArrayPool<char>.Shared.Rent(charsMax);
        try
        {
            int length = first.AsSpan().ToLowerInvariant(rented);
            if (second is not null)
            {
                rented[length++] = '\0';
                length += second.AsSpan().ToLowerInvariant(rented.AsSpan(length));
            }

            if (third is not null)
            {
                rented[length++] = '\0';
                length += third.AsSpan().ToLowerInvariant(rented.AsSpan(length));
            }

            if (terminate)
            {
                rented[length++] = '\0';
            }

            return Encoding.UTF8.GetBytes(rented, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
