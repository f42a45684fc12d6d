using K8sConsul.State.Records;
using K8sConsul.State.Transactions;

namespace K8sConsul.State.Commands;

/// <summary>One result row of a transaction; exactly one member is set.</summary>
public readonly record struct TxnResult(KvRecord? Kv = null, NodeRecord? Node = null, ServiceRecord? Service = null, CheckRecord? Check = null);

/// <summary>Why an operation of a transaction was refused.</summary>
public readonly record struct TxnError(int OpIndex, string What);

/// <summary>What applying a command gave. A refused command has changed nothing.</summary>
public sealed record CommandResult
{
    public static readonly CommandResult Done = new() { Succeeded = true };

    public static readonly CommandResult Lost = new();

    /// <summary>Whether a conditional write took effect.</summary>
    public bool Succeeded { get; init; }

    /// <summary>Why the command was refused, in Consul's words; null when it was not.</summary>
    public string? Refused { get; init; }

    public IReadOnlyList<TxnResult> Results { get; init; } = [];

    public IReadOnlyList<TxnError> Errors { get; init; } = [];

    /// <summary>Keys that the replica must keep from being acquired for a while.</summary>
    public IReadOnlyList<LockDelay> LockDelays { get; init; } = [];
}
