namespace K8sConsul.State.Records;

/// <summary>An entry of the key/value store.</summary>
public sealed record KvRecord
{
    public required string Key { get; init; }

    public byte[] Value { get; init; } = [];

    /// <summary>Opaque to the store; clients mark locks and semaphores with it.</summary>
    public ulong Flags { get; init; }

    /// <summary>The session that holds the key as a lock, or empty.</summary>
    public string Session { get; init; } = string.Empty;

    /// <summary>How often the key was freshly acquired; a plain put resets it.</summary>
    public ulong LockIndex { get; init; }

    public ulong CreateIndex { get; init; }

    public ulong ModifyIndex { get; init; }

    public bool IsSame(KvRecord other) =>
        LockIndex == other.LockIndex
        && Flags == other.Flags
        && string.Equals(Session, other.Session, StringComparison.Ordinal)
        && Value.AsSpan().SequenceEqual(other.Value);
}

/// <summary>Remembers that a key, or everything under a prefix, was deleted, so that prefix indexes do not go backwards.</summary>
public sealed record TombstoneRecord(string Key, ulong Index);
