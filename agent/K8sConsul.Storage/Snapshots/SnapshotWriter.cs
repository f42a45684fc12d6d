using K8sConsul.Raft;

namespace K8sConsul.Storage;

internal sealed class SnapshotWriter(
    SnapshotStore store, IStorageFile file, EntryId last, RaftConfiguration configuration, LogIndex configurationIndex) : ISnapshotWriter
{
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _written;
    private uint _crc;

    public void Write(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int piece = Math.Min(data.Length, BufferBytes - _buffered);
            data[..piece].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += piece;
            data = data[piece..];
            if (_buffered == BufferBytes)
            {
                Drain();
            }
        }
    }

    public SnapshotMeta Publish()
    {
        Drain();
        SnapshotMeta meta = new(last, configuration, configurationIndex, _written, _crc);
        file.Write(_written, SnapshotFormat.EncodeFooter(meta));
        file.Flush();
        file.Dispose();
        store.Publish(file.Path, meta);
        return meta;
    }

    /// <summary>What was not published is overwritten by the next, and removed at start.</summary>
    public void Dispose() => file.Dispose();

    private void Drain()
    {
        ReadOnlySpan<byte> data = _buffer.AsSpan(0, _buffered);
        file.Write(_written, data);
        _crc = Crc32C.Append(_crc, data);
        _written += _buffered;
        _buffered = 0;
    }
}
