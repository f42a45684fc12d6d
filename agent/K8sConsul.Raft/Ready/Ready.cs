namespace K8sConsul.Raft;

/// <summary>
/// What the host has to do now. The parts are independent effects, in this order of concern: save
/// (<see cref="Snapshot"/>, <see cref="HardState"/>, <see cref="Entries"/>), send at once, send after the save, apply, answer reads.
/// </summary>
/// <remarks>
/// Saves go to storage in the order of <see cref="Number"/>; several may be on the way. When a save is durable, and so all earlier
/// ones are, the host sends <see cref="MessagesAfterSave"/> and calls <see cref="RaftNode.Saved"/>. Committed entries are applied in order,
/// independently of saves; the host reports with <see cref="RaftNode.Applied"/>.
/// </remarks>
public sealed class Ready
{
    /// <summary>1, 2, 3… in the life of a node.</summary>
    public required ulong Number { get; init; }

    /// <summary>
    /// Whether storage has to be involved at all: there is something to save or to compact, or messages wait for earlier saves.
    /// When false, neither <see cref="MessagesAfterSave"/> nor a call of <see cref="RaftNode.Saved"/> is due.
    /// </summary>
    public bool NeedsSave { get; init; }

    /// <summary>
    /// A received snapshot that replaces log and state machine. Save: reset the log to start after <c>Snapshot.Last</c>,
    /// before <see cref="HardState"/> and <see cref="Entries"/>. Apply: load it into the state machine before any <see cref="Committed"/>
    /// of this or a later Ready, then report <c>Applied(Snapshot.Last.Index)</c>. Its file is already published.
    /// </summary>
    public SnapshotMeta? Snapshot { get; init; }

    /// <summary>To save when not null.</summary>
    public HardState? HardState { get; init; }

    /// <summary>
    /// To append. The first may have an index that is already in the log: the stored suffix from there on is replaced, in the same
    /// atomic step.
    /// </summary>
    public ReadOnlyMemory<RaftEntry> Entries { get; init; }

    /// <summary>To send now, in parallel to the save (thesis §10.2.1: a leader writes to disk while its followers do).</summary>
    public IReadOnlyList<RaftMessage> Messages { get; init; } = [];

    /// <summary>Votes, vote requests and acknowledgements: promises that must be durable before they leave.</summary>
    public IReadOnlyList<RaftMessage> MessagesAfterSave { get; init; } = [];

    /// <summary>Committed and durable here, in index order without gaps: to apply.</summary>
    public ReadOnlyMemory<RaftEntry> Committed { get; init; }

    public IReadOnlyList<ReadState> ReadStates { get; init; } = [];

    public IReadOnlyList<StateChange> StateChanges { get; init; } = [];

    /// <summary>The configuration in force (from its appearance in the log on) changed to this; null when it did not.</summary>
    public RaftConfiguration? Configuration { get; init; }

    public TransferOutcome? Transfer { get; init; }

    public IReadOnlyList<SnapshotReadRequest> SnapshotReads { get; init; } = [];

    public SnapshotWriteRequest? SnapshotWrite { get; init; }

    /// <summary>Entries up to this one are no longer needed: storage may drop them whenever it likes, after this Ready's save.</summary>
    public EntryId? CompactTo { get; init; }
}
