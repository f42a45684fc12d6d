namespace K8sConsul.Raft;

/// <summary>
/// A leader asks its host for a piece of a snapshot that goes to <paramref name="Peer"/>. Answer with
/// <see cref="RaftNode.SnapshotChunkRead"/> or <see cref="RaftNode.SnapshotChunkReadFailed"/>, at any later time.
/// </summary>
public sealed record SnapshotReadRequest(ServerId Peer, SnapshotMeta Snapshot, long Offset, int Length);

/// <summary>
/// A follower asks its host to store a piece of a snapshot. Answer with <see cref="RaftNode.SnapshotChunkWritten"/> or
/// <see cref="RaftNode.SnapshotChunkWriteFailed"/>, at any later time. With <paramref name="IsLast"/> the host
/// answers only when the whole is verified (size, CRC), durable and published as the newest snapshot.
/// </summary>
public sealed record SnapshotWriteRequest(SnapshotMeta Snapshot, long Offset, ReadOnlyMemory<byte> Data, bool IsLast);
