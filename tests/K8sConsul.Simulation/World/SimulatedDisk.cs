using K8sConsul.Raft;
using K8sConsul.Storage;

namespace K8sConsul.Simulation.World;

/// <summary>
/// A server's disk: what was flushed stays, what was not may be lost in part, by sectors. It keeps what it needs to undo a write instead of a
/// second copy, so that a flush costs nothing.
/// </summary>
internal sealed class SimulatedDisk(RaftRandom random) : IFileSystem
{
    public const int SectorBytes = 512;

    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DiskFile> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DiskFile> _durableNames = new(StringComparer.Ordinal);
    private readonly List<(string Directory, Action Apply)> _pendingNames = [];
    private bool _isLocked;
    private bool _isOff;

    /// <summary>Changes until the power goes off in the middle of one; negative: it stays on.</summary>
    public int ChangesUntilCrash { get; set; } = -1;

    /// <summary>Nothing more fits.</summary>
    public bool IsFull { get; set; }

    /// <summary>The next flush fails, and what it was to make durable may be lost.</summary>
    public bool FailsNextFlush { get; set; }

    /// <summary>The next write to the log goes to another place of the file.</summary>
    public bool MisdirectsNextWrite { get; set; }

    /// <summary>A deliberate bug: flushes do nothing.</summary>
    public bool IgnoresFlushes { get; init; }

    public bool IsOff => _isOff;

    public IEnumerable<DiskFile> Files => _names.Values;

    public void CreateDirectory(string path)
    {
        Change(path);
        _directories.Add(path);
    }

    public IReadOnlyList<string> List(string directory)
    {
        RequirePower("list", directory);
        return [.. _names.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path)!)];
    }

    public IStorageFile Create(string path)
    {
        Change(path);
        RequireSpace("create", path);
        DiskFile file = new(path);
        _names[path] = file;
        Pend(path, () => _durableNames[path] = file);
        return new OpenFile(this, path, file);
    }

    public IStorageFile Open(string path, bool isWritable)
    {
        RequirePower("open", path);
        return _names.TryGetValue(path, out DiskFile? file) ? new OpenFile(this, path, file) : throw new StorageException("open", path, "no such file");
    }

    public void Rename(string from, string to)
    {
        Change(from);
        if (!_names.Remove(from, out DiskFile? file))
        {
            throw new StorageException("rename", from, "no such file");
        }

        file.Name = to;
        _names[to] = file;
        Pend(to, () =>
        {
            _durableNames.Remove(from);
            _durableNames[to] = file;
        });
    }

    public void Delete(string path)
    {
        Change(path);
        _names.Remove(path);
        Pend(path, () => _durableNames.Remove(path));
    }

    public void FlushDirectory(string path)
    {
        Change(path);
        FailIfDue("flush", path);
        if (IgnoresFlushes)
        {
            return;
        }

        foreach ((string directory, Action apply) in _pendingNames)
        {
            if (directory == path)
            {
                apply();
            }
        }

        _pendingNames.RemoveAll(pending => pending.Directory == path);
    }

    public IDisposable Lock(string path)
    {
        RequirePower("lock", path);
        if (_isLocked)
        {
            throw new StorageLockedException(path);
        }

        _isLocked = true;
        return new Release(this);
    }

    /// <summary>The process is gone; what it wrote is still in the page cache.</summary>
    public void ProcessDied()
    {
        _isLocked = false;
        _isOff = true;
        ChangesUntilCrash = -1;
    }

    /// <summary>The machine is gone: of what was not flushed each sector of each write is there or not, and names changed up to some point.</summary>
    public void PowerOff()
    {
        ProcessDied();
        int kept = random.Next(_pendingNames.Count + 1);
        for (int i = 0; i < kept; i++)
        {
            _pendingNames[i].Apply();
        }

        _pendingNames.Clear();
        _names.Clear();
        foreach ((string path, DiskFile file) in _durableNames)
        {
            file.Crash(random);
            file.Name = path;
            _names[path] = file;
        }
    }

    public void PowerOn()
    {
        _isOff = false;
        _isLocked = false;
    }

    /// <summary>An empty disk in place of this one.</summary>
    public void Wipe()
    {
        _names.Clear();
        _durableNames.Clear();
        _pendingNames.Clear();
        _directories.Clear();
        IsFull = false;
        FailsNextFlush = false;
        MisdirectsNextWrite = false;
    }

    private void Pend(string path, Action apply) => _pendingNames.Add((Path.GetDirectoryName(path)!, apply));

    private void RequirePower(string operation, string path)
    {
        if (_isOff)
        {
            throw new StorageException(operation, path, "power is off");
        }
    }

    private void RequireSpace(string operation, string path)
    {
        if (IsFull)
        {
            throw new StorageException(operation, path, "no space left on device");
        }
    }

    private void FailIfDue(string operation, string path)
    {
        if (FailsNextFlush)
        {
            FailsNextFlush = false;
            throw new StorageException(operation, path, "input/output error");
        }
    }

    /// <summary>Counts down to a crash, which happens before the change takes place.</summary>
    private void Change(string path)
    {
        RequirePower("change", path);
        if (ChangesUntilCrash >= 0 && ChangesUntilCrash-- == 0)
        {
            _isOff = true;
            throw new StorageException("change", path, "power is off");
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, string path, DiskFile file) : IStorageFile
    {
        public string Path => path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into)
        {
            disk.RequirePower("read", path);
            return file.Read(offset, into);
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            if (disk.ChangesUntilCrash == 0)
            {
                // Of the write that the crash meets, a part may be there too.
                file.Write(offset, data);
            }

            disk.Change(path);
            if (offset + data.Length > file.Length)
            {
                disk.RequireSpace("write", path);
            }

            if (disk.MisdirectsNextWrite && path.EndsWith(".wal", StringComparison.Ordinal) && offset >= SectorBytes)
            {
                disk.MisdirectsNextWrite = false;
                offset -= SectorBytes;
            }

            file.Write(offset, data);
        }

        public void Flush()
        {
            disk.Change(path);
            disk.FailIfDue("flush", path);
            if (!disk.IgnoresFlushes)
            {
                file.Flush();
            }
        }

        public void SetLength(long length)
        {
            disk.Change(path);
            file.SetLength(length);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Release(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk._isLocked = false;
    }
}
