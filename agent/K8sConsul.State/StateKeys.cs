namespace K8sConsul.State;

/// <summary>
/// How table keys are made: parts joined by a NUL, each folded to lower case where names compare without case. The reads
/// that matter build their keys in a <see cref="KeyBuffer"/> instead.
/// </summary>
internal static class StateKeys
{
    /// <summary>The bytes of a key of the key/value store; case matters there.</summary>
    public static byte[] Exact(string key) => System.Text.Encoding.UTF8.GetBytes(key);

    public static byte[] Folded(string part) => Join(part, null, null, terminate: false);

    public static byte[] Folded(string first, string second) => Join(first, second, null, terminate: false);

    public static byte[] Folded(string first, string second, string third) => Join(first, second, third, terminate: false);

    /// <summary>The prefix of all keys whose first part is exactly <paramref name="part"/>.</summary>
    public static byte[] FoldedPrefix(string part) => Join(part, null, null, terminate: true);

    public static byte[] FoldedPrefix(string first, string second) => Join(first, second, null, terminate: true);

    /// <summary>Where a locked entry stands in the table of keys by session.</summary>
    public static byte[] Held(Records.KvRecord entry)
    {
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendFolded(entry.Session);
        key.EndPart();
        key.AppendExact(entry.Key);
        return key.Bytes.ToArray();
    }

    private static byte[] Join(string first, string? second, string? third, bool terminate)
    {
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendFolded(first);
        if (second is not null)
        {
            key.EndPart();
            key.AppendFolded(second);
        }

        if (third is not null)
        {
            key.EndPart();
            key.AppendFolded(third);
        }

        if (terminate)
        {
            key.EndPart();
        }

        return key.Bytes.ToArray();
    }
}
