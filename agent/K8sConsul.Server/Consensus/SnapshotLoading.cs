using System.Buffers;
using K8sConsul.MessagePack;
using K8sConsul.Raft;
using K8sConsul.State;
using K8sConsul.State.Snapshots;
using K8sConsul.Storage;

namespace K8sConsul.Server.Consensus;

/// <summary>Reads the state out of a stored snapshot.</summary>
internal static class SnapshotLoading
{
    private const int ReadBufferBytes = 1024 * 1024;

    /// <exception cref="StorageException">The snapshot cannot be read.</exception>
    /// <exception cref="StateInvariantException">Its bytes are whole and hold no state.</exception>
    public static StateSnapshot Load(ISnapshotStore snapshots, SnapshotMeta meta)
    {
        using ISnapshotReader file = snapshots.Open(meta);
        var reader = new SnapshotReader();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        try
        {
            long offset = 0;
            for (int read = file.Read(offset, buffer); read > 0; read = file.Read(offset, buffer))
            {
                reader.Feed(buffer.AsSpan(0, read));
                offset += read;
            }

            return reader.Finish();
        }
        catch (MsgPackFormatException damage)
        {
            throw new StateInvariantException($"snapshot {meta.Last} passed its checksum and cannot be read: {damage.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
