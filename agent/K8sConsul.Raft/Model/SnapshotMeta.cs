namespace K8sConsul.Raft;

/// <summary>
/// Describes a snapshot completely: two snapshots with equal meta have equal bytes, so a transfer begun by one leader
/// can be resumed by another.
/// </summary>
/// <param name="Last">The last entry the snapshot contains.</param>
/// <param name="Configuration">In force at <paramref name="Last"/>.</param>
/// <param name="ConfigurationIndex">Index of the entry that brought <paramref name="Configuration"/>.</param>
/// <param name="SizeBytes">Of the state machine's data.</param>
/// <param name="Crc32C">Castagnoli CRC of the state machine's data.</param>
public sealed record SnapshotMeta(
    EntryId Last, RaftConfiguration Configuration, LogIndex ConfigurationIndex, long SizeBytes, uint Crc32C)
{
    public override string ToString() => $"snapshot {Last} of {SizeBytes} B";
}
