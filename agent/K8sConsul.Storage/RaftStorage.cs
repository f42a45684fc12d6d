using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// Log and snapshots of one peer, opened together so that they agree.
/// <code>
/// raft/lock        held while open
/// raft/wal/        segments, see WalFormat
/// raft/snapshots/  see SnapshotFormat
/// </code>
/// </summary>
public sealed class RaftStorage : IAsyncDisposable
{
    private readonly IDisposable? _lock;
    private readonly SnapshotMeta? _newest;

    private RaftStorage(IRaftLogStore log, ISnapshotStore snapshots, ChosenSnapshot chosen, IDisposable? dataLock)
    {
        Log = log;
        Snapshots = snapshots;
        _newest = chosen.Meta;
        Warning = chosen.Damage;
        _lock = dataLock;
    }

    public IRaftLogStore Log { get; }

    public ISnapshotStore Snapshots { get; }

    /// <summary>No entry, no snapshot, no term: a peer that may be bootstrapped.</summary>
    public bool IsPristine => Log.Last == default && Log.HardState.Term == default(Term) && Snapshots.List().Count == 0;

    /// <summary>To be logged: the newest snapshot is damaged, but log and older snapshot hold everything. Null when all is well.</summary>
    public StorageException? Warning { get; }

    /// <summary>To be logged: the unfinished write that was cut from the log. Null after a clean stop.</summary>
    public TornTail? TornTail => (Log as WriteAheadLog)?.TornTail;

    /// <summary>Files below <paramref name="directory"/> (Consul: data_dir/raft), which is created and locked.</summary>
    /// <exception cref="StorageLockedException">Another process has it.</exception>
    /// <exception cref="StorageDamagedException">See there.</exception>
    public static Task<RaftStorage> OpenFilesAsync(string directory, WriteAheadLogOptions? options = null) =>
        OpenAsync(PhysicalFileSystem.Instance, directory, options);

    /// <summary>The same on another file system; for simulations.</summary>
    public static async Task<RaftStorage> OpenAsync(IFileSystem files, string directory, WriteAheadLogOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        string logDirectory = Path.Combine(directory, "wal");
        files.CreateDirectory(directory);
        IDisposable dataLock = files.Lock(Path.Combine(directory, "lock"));
        WriteAheadLog? log = null;
        try
        {
            files.CreateDirectory(logDirectory);
            SnapshotStore snapshots = new(files, Path.Combine(directory, "snapshots"));
            files.FlushDirectory(directory);
            log = WriteAheadLog.Open(files, logDirectory, options);
            ChosenSnapshot chosen = ChooseSnapshot(snapshots, log, directory);
            if (chosen.Meta is { } newest)
            {
                await ReconcileAsync(log, newest.Last).ConfigureAwait(false);
            }

            return new RaftStorage(log, snapshots, chosen, dataLock);
        }
        catch
        {
            if (log is not null)
            {
                await log.DisposeAsync().ConfigureAwait(false);
            }

            dataLock.Dispose();
            throw;
        }
    }

    /// <summary>Nothing survives the process (-dev).</summary>
    public static RaftStorage InMemory() => new(new MemoryLog(), new MemorySnapshotStore(), chosen: default, dataLock: null);

    /// <summary>For the constructor of <see cref="RaftNode"/>. The host first loads <c>Snapshot</c> into the state machine.</summary>
    public RaftInitialState InitialState()
    {
        (SnapshotMeta Meta, long Bytes)? partial = Snapshots.Partial();
        return new RaftInitialState(Log.HardState, _newest, partial?.Meta, partial?.Bytes ?? 0);
    }

    /// <summary>Writes entry 1 when <see cref="IsPristine"/>; false when not.</summary>
    public async Task<bool> BootstrapAsync(RaftConfiguration configuration)
    {
        if (!IsPristine)
        {
            return false;
        }

        await WriteAsync(Log, new LogWrite(Reset: null, RaftBootstrap.HardState, new[] { RaftBootstrap.Entry(configuration) })).ConfigureAwait(false);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync().ConfigureAwait(false);
        _lock?.Dispose();
    }

    /// <summary>
    /// The newest snapshot whose data is whole. An older one, or none, will do when the log goes on from there up to the end of the damaged one, for then
    /// nothing is lost; otherwise the damage is reported.
    /// </summary>
    private static ChosenSnapshot ChooseSnapshot(SnapshotStore snapshots, WriteAheadLog log, string directory)
    {
        StorageDamagedException? damage = null;
        LogIndex needed = default;
        foreach (SnapshotMeta meta in snapshots.List())
        {
            needed = LogIndex.Max(needed, meta.Last.Index);
            if (meta.Last.Index < log.Start.Index || (damage is not null && log.Last.Index < needed))
            {
                break;
            }

            try
            {
                using ISnapshotReader reader = snapshots.Open(meta);
                reader.Verify();
                return new ChosenSnapshot(meta, damage);
            }
            catch (StorageDamagedException found)
            {
                damage ??= found;
            }
        }

        if (log.Start.Index > default(LogIndex))
        {
            throw damage ?? new StorageDamagedException(directory, 0, $"the log starts after {log.Start}, and no snapshot reaches that far");
        }

        return damage is null || log.Last.Index >= needed ? new ChosenSnapshot(Meta: null, damage) : throw damage;
    }

    /// <summary>
    /// A crash between publishing a received snapshot and resetting the log leaves a log that ends before it or contradicts it. The snapshot holds
    /// committed state and wins.
    /// </summary>
    private static async Task ReconcileAsync(WriteAheadLog log, EntryId snapshot)
    {
        bool isCovered = snapshot.Index >= log.Start.Index && snapshot.Index <= log.Last.Index && log.TermAt(snapshot.Index) == snapshot.Term;
        if (isCovered)
        {
            return;
        }

        HardState hardState = log.HardState;
        if (hardState.Term < snapshot.Term)
        {
            hardState = new HardState(snapshot.Term, ServerId.None, default);
        }

        await WriteAsync(log, new LogWrite(snapshot, hardState with { Commit = snapshot.Index }, default)).ConfigureAwait(false);
    }

    /// <summary>A log without a thread of its own writes when it is told to.</summary>
    private static Task WriteAsync(IRaftLogStore log, in LogWrite write)
    {
        Task durable = log.AppendAsync(write);
        (log as WriteAheadLog)?.FlushUnlessThreaded();
        return durable;
    }

    private readonly record struct ChosenSnapshot(SnapshotMeta? Meta, StorageException? Damage);
}
