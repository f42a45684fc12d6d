using K8sConsul.Raft;

namespace K8sConsul.Storage;

internal sealed class IncomingSnapshot(SnapshotStore store, IStorageFile file, SnapshotMeta meta) : IIncomingSnapshot
{
    public long NextOffset { get; private set; } = file.Length;

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, NextOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, meta.SizeBytes - offset, nameof(data));
        if (offset < NextOffset)
        {
            file.SetLength(offset);
        }

        file.Write(offset, data);
        NextOffset = offset + data.Length;
    }

    public void Publish()
    {
        if (NextOffset != meta.SizeBytes)
        {
            throw new InvalidOperationException($"{NextOffset} bytes of {meta} are there");
        }

        // From the file and not from what passed by: a resumed transfer's first part was written by an earlier run, perhaps unflushed.
        if (SnapshotFormat.Sum(file, meta.SizeBytes) != meta.Crc32C)
        {
            file.Dispose();
            store.DropIncoming();
            throw new StorageDamagedException(file.Path, 0, $"the received {meta} does not match its checksum");
        }

        file.Write(meta.SizeBytes, SnapshotFormat.EncodeFooter(meta));
        file.Flush();
        file.Dispose();
        store.Publish(file.Path, meta);
        store.DropIncoming();
    }

    public void Dispose() => file.Dispose();
}
