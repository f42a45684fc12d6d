namespace K8sConsul.Histories;

/// <summary>One call of one client, and what was answered.</summary>
public sealed record Operation
{
    public required int Client { get; init; }

    /// <summary>Empty for <see cref="OperationKind.DestroySession"/>.</summary>
    public required string Key { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>Any monotonic clock that all clients share.</summary>
    public required long Invoked { get; init; }

    /// <summary>Left as it is when it was never answered, or the answer does not tell whether it took effect.</summary>
    public long Returned { get; init; } = long.MaxValue;

    /// <summary>Written. Null and empty are one value, as in Consul's answers.</summary>
    public string? Value { get; init; }

    /// <summary>Of <see cref="OperationKind.CompareAndSet"/> (0: the key must not exist) and <see cref="OperationKind.DeleteIfUnchanged"/>.</summary>
    public ulong ExpectedIndex { get; init; }

    public string? Session { get; init; }

    /// <summary>As answered; null where it may have taken effect, may yet do so at any time, or never.</summary>
    public bool? Succeeded { get; init; }

    public string? ReadValue { get; init; }

    /// <summary>Whether a read found the key.</summary>
    public bool Exists { get; init; }

    /// <summary>What a read saw, or what a change was answered; 0 where it is not known.</summary>
    public ulong ModifyIndex { get; init; }

    public ulong LockIndex { get; init; }

    public string? ReadSession { get; init; }

    /// <summary>Of <see cref="OperationKind.DestroySession"/>: the session's behaviour is "delete", not "release".</summary>
    public bool DeletesHeldKeys { get; init; }

    /// <summary>Of <see cref="OperationKind.DestroySession"/>: its keys may refuse to be acquired for a while.</summary>
    public bool DelaysLocks { get; init; }

    /// <summary>The server that answered, between two of its starts; null where nobody cares.</summary>
    public string? Server { get; init; }

    /// <summary>X-Consul-Index of a read; 0 where it is not known.</summary>
    public ulong Index { get; init; }

    public override string ToString() => OperationText.Describe(this);
}
