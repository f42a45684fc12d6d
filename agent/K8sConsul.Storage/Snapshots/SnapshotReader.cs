using K8sConsul.Raft;

namespace K8sConsul.Storage;

internal sealed class SnapshotReader(IStorageFile file, SnapshotMeta meta) : ISnapshotReader
{
    public SnapshotMeta Meta => meta;

    public int Read(long offset, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        long left = Math.Max(0, meta.SizeBytes - offset);
        return file.Read(offset, into[..(int)Math.Min(into.Length, left)]);
    }

    public void Verify()
    {
        if (SnapshotFormat.Sum(file, meta.SizeBytes) != meta.Crc32C)
        {
            throw new StorageDamagedException(file.Path, 0, $"{meta} does not match its checksum");
        }
    }

    public void Dispose() => file.Dispose();
}
