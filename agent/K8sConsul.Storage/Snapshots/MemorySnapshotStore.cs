using System.Buffers;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>Snapshots that do not survive the process (-dev).</summary>
public sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly Lock _gate = new();

    /// <summary>Newest first.</summary>
    private readonly List<(SnapshotMeta Meta, ReadOnlyMemory<byte> Data)> _published = [];
    private Incoming? _incoming;

    public IReadOnlyList<SnapshotMeta> List()
    {
        lock (_gate)
        {
            return [.. _published.Select(snapshot => snapshot.Meta)];
        }
    }

    public ISnapshotWriter Create(EntryId last, RaftConfiguration configuration, LogIndex configurationIndex) =>
        new Writer(this, last, configuration, configurationIndex);

    public IIncomingSnapshot Receive(SnapshotMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        if (_incoming is null || !_incoming.Meta.Equals(meta))
        {
            _incoming = new Incoming(this, meta);
        }

        return _incoming;
    }

    public (SnapshotMeta Meta, long Bytes)? Partial() => _incoming is { } incoming ? (incoming.Meta, incoming.NextOffset) : null;

    public ISnapshotReader Open(SnapshotMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        lock (_gate)
        {
            foreach ((SnapshotMeta found, ReadOnlyMemory<byte> data) in _published)
            {
                if (found.Equals(meta))
                {
                    return new Reader(found, data);
                }
            }
        }

        throw new StorageException("open", meta.ToString(), "it is not there");
    }

    private void Publish(SnapshotMeta meta, ReadOnlyMemory<byte> data)
    {
        lock (_gate)
        {
            _published.RemoveAll(snapshot => snapshot.Meta.Last == meta.Last);
            _published.Add((meta, data));
            _published.Sort((left, right) => (right.Meta.Last.Index, right.Meta.Last.Term).CompareTo((left.Meta.Last.Index, left.Meta.Last.Term)));
            if (_published.Count > SnapshotStore.RetainedCount)
            {
                _published.RemoveRange(SnapshotStore.RetainedCount, _published.Count - SnapshotStore.RetainedCount);
            }
        }
    }

    private sealed class Writer(MemorySnapshotStore store, EntryId last, RaftConfiguration configuration, LogIndex configurationIndex) : ISnapshotWriter
    {
        private readonly ArrayBufferWriter<byte> _data = new();

        public void Write(ReadOnlySpan<byte> data) => _data.Write(data);

        public SnapshotMeta Publish()
        {
            SnapshotMeta meta = new(last, configuration, configurationIndex, _data.WrittenCount, Crc32C.Append(0, _data.WrittenSpan));
            store.Publish(meta, _data.WrittenMemory);
            return meta;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Incoming(MemorySnapshotStore store, SnapshotMeta meta) : IIncomingSnapshot
    {
        private readonly MemoryStream _data = new();

        public SnapshotMeta Meta => meta;

        public long NextOffset => _data.Length;

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, NextOffset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, meta.SizeBytes - offset, nameof(data));
            _data.SetLength(offset);
            _data.Position = offset;
            _data.Write(data);
        }

        public void Publish()
        {
            if (NextOffset != meta.SizeBytes)
            {
                throw new InvalidOperationException($"{NextOffset} bytes of {meta} are there");
            }

            store._incoming = null;
            byte[] data = _data.ToArray();
            if (Crc32C.Append(0, data) != meta.Crc32C)
            {
                throw new StorageDamagedException(meta.ToString(), 0, "what was received does not match its checksum");
            }

            store.Publish(meta, data);
        }

        // Kept by the store, so that the transfer can be resumed.
        public void Dispose()
        {
        }
    }

    private sealed class Reader(SnapshotMeta meta, ReadOnlyMemory<byte> data) : ISnapshotReader
    {
        public SnapshotMeta Meta => meta;

        public int Read(long offset, Span<byte> into)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ReadOnlySpan<byte> rest = offset < data.Length ? data.Span[(int)offset..] : [];
            int count = Math.Min(rest.Length, into.Length);
            rest[..count].CopyTo(into);
            return count;
        }

        public void Verify()
        {
            if (Crc32C.Append(0, data.Span) != meta.Crc32C)
            {
                throw new StorageDamagedException(meta.ToString(), 0, "it does not match its checksum");
            }
        }

        public void Dispose()
        {
        }
    }
}
