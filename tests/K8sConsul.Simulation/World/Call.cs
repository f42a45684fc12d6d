namespace K8sConsul.Simulation.World;

internal enum CallKind
{
    /// <summary>The node that sessions belong to.</summary>
    Register,
    Put,
    CompareAndSet,
    Delete,
    DeleteIfUnchanged,
    Acquire,
    Release,
    SessionCreate,
    SessionDestroy,

    /// <summary>Two keys in one transaction; readers must see both or neither.</summary>
    PutPair,
    ReadConsistent,
    ReadDefault,
    ReadStale,
    ReadPair,
}

internal enum CallOutcome
{
    Pending,

    /// <summary>Answered: done, or what a read saw.</summary>
    Succeeded,

    /// <summary>Answered: a condition did not hold, nothing was changed.</summary>
    Lost,

    /// <summary>Not taken: it had and will have no effect.</summary>
    Refused,

    /// <summary>Nobody knows whether it took or will take effect.</summary>
    Unknown,
}

/// <summary>One request of a client and what became of it.</summary>
internal sealed class Call
{
    public required int Number { get; init; }

    public required int Client { get; init; }

    public required CallKind Kind { get; init; }

    public required string Key { get; init; }

    public string Value { get; init; } = string.Empty;

    public ulong ExpectedIndex { get; init; }

    public string Session { get; init; } = string.Empty;

    public required long Invoked { get; init; }

    public long Returned { get; set; } = long.MaxValue;

    public CallOutcome Outcome { get; set; }

    /// <summary>The highest acknowledged index when the call was made: what a linearisable read must reach.</summary>
    public ulong AcknowledgedBefore { get; init; }

    /// <summary>What a read saw; null: no such key.</summary>
    public KeyVersion? Seen { get; set; }

    public bool IsRead => Kind is CallKind.ReadConsistent or CallKind.ReadDefault or CallKind.ReadStale or CallKind.ReadPair;

    public override string ToString() =>
        $"call {Number} of client {Client}: {Kind} {Key}{(Value.Length > 0 ? "=" + Value : "")}{(ExpectedIndex > 0 ? $" if {ExpectedIndex}" : "")} at {Invoked}..{(Returned == long.MaxValue ? "?" : Returned)} {Outcome}";
}

/// <summary>A key at one index of the log.</summary>
internal sealed record KeyVersion(string Value, string Session, ulong ModifyIndex, ulong LockIndex = 0);
