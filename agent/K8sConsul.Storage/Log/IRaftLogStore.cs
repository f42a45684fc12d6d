using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>One save of a <see cref="Ready"/>: all of it becomes durable, or none.</summary>
/// <param name="Reset">First empty the log, so that it starts after this entry (an installed snapshot).</param>
/// <param name="HardState">Then remember this, when not null.</param>
/// <param name="Entries">Then append these; a first index inside of the log replaces the suffix from there on.</param>
public readonly record struct LogWrite(EntryId? Reset, HardState? HardState, ReadOnlyMemory<RaftEntry> Entries)
{
    public static LogWrite From(Ready ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        return new LogWrite(ready.Snapshot?.Last, ready.HardState, ready.Entries);
    }
}

/// <summary>
/// The Raft log and hard state. Writes are made by one thread (the Raft loop) and become durable in their order; reads are of what is
/// durable and may come from any thread.
/// </summary>
public interface IRaftLogStore : IRaftLogReader, IAsyncDisposable
{
    /// <summary>As of the last durable write, with a commit index no larger than the last entry.</summary>
    HardState HardState { get; }

    /// <summary>
    /// Enqueues and returns at once; the task completes when this write and all earlier ones are durable. An empty write completes after
    /// the earlier ones.
    /// </summary>
    /// <exception cref="StorageException">In the task: the disk failed, now or before. The store accepts nothing more; the server must stop.</exception>
    Task AppendAsync(in LogWrite write);

    /// <summary>
    /// Entries up to <paramref name="last"/> may go. Takes effect after all earlier writes; space is given back in whole segments.
    /// </summary>
    Task CompactAsync(EntryId last);
}
