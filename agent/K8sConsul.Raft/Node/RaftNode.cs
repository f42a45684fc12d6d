using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Raft;

/// <summary>
/// One peer of a Raft group as a value-in, value-out machine: single-threaded, without clock, disk, network or global randomness. The host
/// delivers messages, ticks and requests, takes a <see cref="Ready"/>, carries it out and reports back. README.md shows the loop.
/// </summary>
public sealed partial class RaftNode
{
    public RaftNode(RaftOptions options, ServerId self, RaftInitialState state, IRaftLogReader log, IRaftTrace? trace = null) => throw new NotSupportedException();

    public ServerId Self => throw new NotSupportedException();
    public RaftRole Role => throw new NotSupportedException();
    public Term Term => throw new NotSupportedException();
    public ServerId Leader => throw new NotSupportedException();
    public EntryId LastEntry => throw new NotSupportedException();
    public LogIndex CommitIndex => throw new NotSupportedException();
    public LogIndex AppliedIndex => throw new NotSupportedException();
    public RaftConfiguration Configuration => throw new NotSupportedException();
    public LogIndex ConfigurationIndex => throw new NotSupportedException();
    /// <summary>A message from a peer.</summary>
    public void Step(RaftMessage message) => throw new NotSupportedException();
    /// <summary>One unit of logical time.</summary>
    public void Tick() => throw new NotSupportedException();
    public ProposeResult Propose(ReadOnlyMemory<byte> command) => throw new NotSupportedException();
    /// <summary>All or none, at consecutive indexes.</summary>
    public ProposeResult ProposeBatch(ReadOnlySpan<ReadOnlyMemory<byte>> commands) => throw new NotSupportedException();
    public ProposeResult ProposeConfiguration(ConfigurationChange change) => throw new NotSupportedException();
    /// <summary>The answer comes as a <see cref="ReadState"/> with this context. On any peer.</summary>
    public Refusal RequestReadIndex(ulong context) => throw new NotSupportedException();
    /// <summary>The end comes as a <see cref="TransferOutcome"/>. Without a target the most caught-up voter is taken.</summary>
    public ProposeResult TransferLeadership(ServerId target = default) => throw new NotSupportedException();
    public bool TryTakeReady([NotNullWhen(true)] out Ready? ready) => throw new NotSupportedException();
    /// <summary>For a host that saves and applies synchronously: <see cref="Saved"/> and <see cref="Applied"/> in one.</summary>
    public void Advance(Ready ready) => throw new NotSupportedException();
    /// <summary>The saves of this and all earlier Readys are durable.</summary>
    public void Saved(ulong readyNumber) => throw new NotSupportedException();
    /// <summary>The state machine has applied everything up to here.</summary>
    public void Applied(LogIndex index) => throw new NotSupportedException();
    /// <summary>The host took a snapshot of its state machine and published it durably.</summary>
    public void SnapshotTaken(SnapshotMeta meta) => throw new NotSupportedException();
    public void SnapshotChunkRead(SnapshotReadRequest request, ReadOnlyMemory<byte> data) => throw new NotSupportedException();
    public void SnapshotChunkReadFailed(SnapshotReadRequest request, string reason) => throw new NotSupportedException();
    public void SnapshotChunkWritten(SnapshotWriteRequest request) => throw new NotSupportedException();
    public void SnapshotChunkWriteFailed(SnapshotWriteRequest request, string reason) => throw new NotSupportedException();
    public RaftStats Stats() => throw new NotSupportedException();
    /// <summary>On a leader: the other peers, in the configuration's order. Empty elsewhere.</summary>
    public IReadOnlyList<PeerStatus> Peers() => throw new NotSupportedException();
}
