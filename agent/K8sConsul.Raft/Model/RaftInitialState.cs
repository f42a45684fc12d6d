namespace K8sConsul.Raft;

/// <summary>What storage found at start.</summary>
/// <param name="HardState">Default when there never was one.</param>
/// <param name="Snapshot">The newest valid snapshot, already loaded into the state machine, or null.</param>
/// <param name="PartialSnapshot">A transfer that the last run did not finish, or null.</param>
/// <param name="PartialSnapshotBytes">How many of its bytes are there.</param>
public sealed record RaftInitialState(
    HardState HardState, SnapshotMeta? Snapshot = null, SnapshotMeta? PartialSnapshot = null, long PartialSnapshotBytes = 0);
