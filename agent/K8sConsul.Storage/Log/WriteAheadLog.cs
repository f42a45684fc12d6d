using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// The Raft log in files; see <see cref="WalFormat"/> for their layout. Writes are queued by the Raft loop and made by one flusher thread, which joins
/// what has gathered meanwhile into one write and one flush.
/// </summary>
public sealed partial class WriteAheadLog : IRaftLogStore
{
    private const string SpareName = "next.tmp";

    /// <summary>Guards everything below it: the Raft loop queues and reads, the flusher takes and publishes.</summary>
    private readonly Lock _gate = new();
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly WriteAheadLogOptions _options;
    private readonly WalIndex _index;
    private readonly List<WalSegment> _segments;
    private HardState _hardState;

    private WriteAheadLog(IFileSystem files, string directory, WriteAheadLogOptions options, WalRecovery recovery, List<WalSegment> segments)
    {
        _files = files;
        _directory = directory;
        _options = options;
        _index = recovery.Index;
        _segments = segments;
        _hardState = recovery.HardState;
        _nextFrame = Math.Max(1, recovery.NextFrame);
        _isClosedOnDisk = recovery.IsClosed;
        TornTail = recovery.TornTail;
        if (segments.Count == 0)
        {
            AddSegment(minimumBytes: 0);
        }

        if (options.FlushesItself)
        {
            _flusher = new Thread(RunFlusher) { IsBackground = true, Name = "wal-flusher" };
            _flusher.Start();
        }
    }

    /// <summary>The unfinished write that was cut when the log was opened; null after a clean stop.</summary>
    public TornTail? TornTail { get; }

    public EntryId Start
    {
        get
        {
            lock (_gate)
            {
                return _index.Start;
            }
        }
    }

    public EntryId Last
    {
        get
        {
            lock (_gate)
            {
                return _index.Last;
            }
        }
    }

    public HardState HardState
    {
        get
        {
            lock (_gate)
            {
                return _hardState with { Commit = LogIndex.Min(_hardState.Commit, _index.Last.Index) };
            }
        }
    }

    public IReadOnlyList<LogIndex> ConfigurationIndexes
    {
        get
        {
            lock (_gate)
            {
                return [.. _index.Configurations];
            }
        }
    }

    /// <summary>Opens or creates the log in <paramref name="directory"/>, which exists and which the caller has locked.</summary>
    /// <exception cref="StorageDamagedException">What is there is not what was written, at a place that a crash cannot explain.</exception>
    public static WriteAheadLog Open(IFileSystem files, string directory, WriteAheadLogOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= new WriteAheadLogOptions();
        options.Validate();
        WalRecovery recovery = new(files, directory);
        List<WalSegment> segments = recovery.Run();
        return new WriteAheadLog(files, directory, options, recovery, segments);
    }

    /// <inheritdoc/>
    public Task AppendAsync(in LogWrite write) => Enqueue(new WalOperation(write, CompactTo: null));

    /// <inheritdoc/>
    public Task CompactAsync(EntryId last) => Enqueue(new WalOperation(default, last));

    /// <summary>Finishes what is queued, marks the log as closed in good order and closes the files.</summary>
    /// <exception cref="StorageException">The disk failed at the very end, when no writer was left to be told.</exception>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
            _wake.Set();
        }

        if (_flusher is not null)
        {
            await _stopped.Task.ConfigureAwait(false);
            _flusher.Join();
        }
        else
        {
            while (FlushOnce())
            {
            }

            WriteClosed();
        }

        foreach (WalSegment segment in _segments)
        {
            segment.Dispose();
        }

        _spare?.Dispose();
        _wake.Dispose();
        if (_failure is { } failure && !_isFailureSeen)
        {
            throw failure;
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
