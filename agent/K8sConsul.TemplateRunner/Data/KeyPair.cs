namespace K8sConsul.TemplateRunner.Data;

/// <summary>A key below a prefix: an item of <c>ls</c> and <c>tree</c>.</summary>
public sealed record KeyPair
{
    /// <summary>The whole key.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Without the prefix that was asked for, and without slashes in front.</summary>
    public string Key { get; init; } = string.Empty;

    public string Value { get; init; } = string.Empty;

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    public ulong LockIndex { get; init; }

    public ulong Flags { get; init; }

    /// <summary>Empty when nobody holds the lock.</summary>
    public string Session { get; init; } = string.Empty;

    /// <summary>What <c>ls</c> shows: keys directly below the prefix.</summary>
    public static IReadOnlyList<KeyPair> DirectlyBelow(IReadOnlyList<KeyPair> pairs)
    {
        return [.. pairs.Where(static pair => pair.Key.Length > 0 && !pair.Key.Contains('/', StringComparison.Ordinal))];
    }

    /// <summary>What <c>tree</c> shows: all keys below the prefix that are no folder markers.</summary>
    public static IReadOnlyList<KeyPair> AllBelow(IReadOnlyList<KeyPair> pairs)
    {
        return [.. pairs.Where(static pair => pair.Key.Length > 0 && !pair.Key.EndsWith('/'))];
    }
}
