using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// Snapshots of the state machine. Published ones are complete, verified and durable. Synchronous: the host calls it
/// away from the Raft loop.
/// </summary>
public interface ISnapshotStore
{
    /// <summary>Published snapshots, newest (highest index, then term) first.</summary>
    IReadOnlyList<SnapshotMeta> List();

    /// <summary>Begins a snapshot of the local state machine. One at a time; disposing without publishing drops it.</summary>
    ISnapshotWriter Create(EntryId last, RaftConfiguration configuration, LogIndex configurationIndex);

    /// <summary>Begins or resumes to receive <paramref name="meta"/>. A transfer of another snapshot that was not finished is dropped.</summary>
    IIncomingSnapshot Receive(SnapshotMeta meta);

    /// <summary>The transfer that was not finished, to be given to <see cref="RaftInitialState"/>, or null.</summary>
    (SnapshotMeta Meta, long Bytes)? Partial();

    /// <summary>Opens for reading; an open snapshot stays readable although a newer one displaces it.</summary>
    /// <exception cref="StorageException">It is not there (any more) or cannot be read.</exception>
    ISnapshotReader Open(SnapshotMeta meta);
}

public interface ISnapshotWriter : IDisposable
{
    void Write(ReadOnlySpan<byte> data);

    /// <summary>Makes it durable and the newest, and drops all but the newest two.</summary>
    SnapshotMeta Publish();
}

public interface IIncomingSnapshot : IDisposable
{
    /// <summary>How much is there.</summary>
    long NextOffset { get; }

    /// <summary>Not durable before <see cref="Publish"/>.</summary>
    /// <param name="offset">Equal to <see cref="NextOffset"/>.</param>
    /// <param name="data">Not beyond the snapshot's size.</param>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Checks size and CRC, makes it durable and the newest.</summary>
    /// <exception cref="StorageDamagedException">The CRC differs; what was received is dropped, to be sent again.</exception>
    void Publish();
}

public interface ISnapshotReader : IDisposable
{
    SnapshotMeta Meta { get; }

    /// <summary>Reads a piece.</summary>
    /// <returns>Bytes read; less than asked only at the end.</returns>
    int Read(long offset, Span<byte> into);

    /// <summary>Reads everything and compares the CRC.</summary>
    /// <exception cref="StorageDamagedException">It differs.</exception>
    void Verify();
}
