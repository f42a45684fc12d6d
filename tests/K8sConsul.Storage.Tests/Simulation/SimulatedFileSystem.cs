using K8sConsul.Raft;

namespace K8sConsul.Storage.Tests.Simulation;

/// <summary>
/// A disk in memory that forgets what was not flushed, tears what was being written, fails on demand and flips bits. After <see cref="PowerOff"/> every
/// call fails until <see cref="PowerOn"/>, which leaves what a crash would.
/// </summary>
internal sealed class SimulatedFileSystem : IFileSystem
{
    public const int SectorBytes = 512;

    private readonly Lock _gate = new();
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly List<(string Directory, Action Apply)> _pendingNames = [];
    private readonly Dictionary<string, FileContent> _durableNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileContent> _names = new(StringComparer.Ordinal);
    private bool _isOff;

    /// <summary>Calls that change something, so that a test can stop at each of them.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>Bytes of each write, 0 for other changes; one per change.</summary>
    public List<int> ChangeBytes { get; } = [];

    /// <summary>Power goes off at this change…</summary>
    public int? CrashAtChange { get; set; }

    /// <summary>…when this many bytes of it (if it is a write) have reached the disk.</summary>
    public int CrashAfterBytes { get; set; }

    /// <summary>The next flush of a file whose path contains this fails.</summary>
    public string? FailFlushOf { get; set; }

    /// <summary>Sum of file lengths that fits.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Called at the beginning of each file flush, outside of any lock: a test can hold it up.</summary>
    public Action<string> OnFlush { get; set; } = static _ => { };

    public void CreateDirectory(string path) => Change(() => _directories.Add(path));

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            RequirePower("list", directory);
            return [.. _names.Keys.Where(path => string.Equals(Path.GetDirectoryName(path), directory, StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
    }

    public IStorageFile Create(string path)
    {
        FileContent content = new();
        Change(() =>
        {
            if (!_directories.Contains(Path.GetDirectoryName(path)!))
            {
                throw new StorageException("create", path, "no such directory");
            }

            _names[path] = content;
            Pend(path, () => _durableNames[path] = content);
        });
        return new SimulatedFile(this, path, content);
    }

    public IStorageFile Open(string path, bool isWritable)
    {
        lock (_gate)
        {
            RequirePower("open", path);
            return _names.TryGetValue(path, out FileContent? content)
                ? new SimulatedFile(this, path, content)
                : throw new StorageException("open", path, "no such file");
        }
    }

    public void Rename(string from, string to) => Change(() =>
    {
        if (!_names.Remove(from, out FileContent? content))
        {
            throw new StorageException("rename", from, "no such file");
        }

        _names[to] = content;
        // One step: never both names, never none.
        Pend(to, () =>
        {
            _durableNames.Remove(from);
            _durableNames[to] = content;
        });
    });

    public void Delete(string path) => Change(() =>
    {
        _names.Remove(path);
        Pend(path, () => _durableNames.Remove(path));
    });

    public void FlushDirectory(string path) => Change(() =>
    {
        foreach ((string directory, Action apply) in _pendingNames)
        {
            if (string.Equals(directory, path, StringComparison.Ordinal))
            {
                apply();
            }
        }

        _pendingNames.RemoveAll(pending => string.Equals(pending.Directory, path, StringComparison.Ordinal));
    });

    public IDisposable Lock(string path)
    {
        lock (_gate)
        {
            return _locks.Add(path) ? new Release(() => _locks.Remove(path)) : throw new StorageLockedException(path);
        }
    }

    public void PowerOff()
    {
        lock (_gate)
        {
            _isOff = true;
        }
    }

    /// <summary>
    /// What was flushed is there. Of the rest each sector of each write is there or not, by chance; names changed in order, up to some point.
    /// </summary>
    public void PowerOn(RaftRandom random)
    {
        lock (_gate)
        {
            int kept = random.Next(_pendingNames.Count + 1);
            foreach ((_, Action apply) in _pendingNames.Take(kept))
            {
                apply();
            }

            _pendingNames.Clear();
            _names.Clear();
            foreach ((string path, FileContent content) in _durableNames.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                content.Crash(random);
                _names[path] = content;
            }

            _locks.Clear();
            _isOff = false;
            CrashAtChange = null;
            FailFlushOf = null;
        }
    }

    public byte[] ReadAll(string path)
    {
        lock (_gate)
        {
            return [.. _names[path].Current];
        }
    }

    /// <summary>Damages the medium itself.</summary>
    public void Flip(string path, int offset, byte mask)
    {
        lock (_gate)
        {
            _names[path].Flip(offset, mask);
        }
    }

    /// <summary>A copy as if all had been flushed.</summary>
    public SimulatedFileSystem Clone()
    {
        SimulatedFileSystem clone = new();
        lock (_gate)
        {
            foreach (string directory in _directories)
            {
                clone._directories.Add(directory);
            }

            foreach ((string path, FileContent content) in _names)
            {
                FileContent copy = new(content.Current);
                clone._names[path] = copy;
                clone._durableNames[path] = copy;
            }
        }

        return clone;
    }

    private void Pend(string path, Action apply) => _pendingNames.Add((Path.GetDirectoryName(path)!, apply));

    private void RequirePower(string operation, string path)
    {
        if (_isOff)
        {
            throw new StorageException(operation, path, "power is off");
        }
    }

    /// <summary>Counts, and crashes before or within the change when its turn has come.</summary>
    private void Change(Action change, int bytes = 0, Action<int>? partly = null)
    {
        lock (_gate)
        {
            RequirePower("change", "disk");
            ChangeBytes.Add(bytes);
            if (ChangeCount++ == CrashAtChange)
            {
                partly?.Invoke(CrashAfterBytes);
                _isOff = true;
                RequirePower("change", "disk");
            }

            change();
        }
    }

    private sealed class FileContent
    {
        private readonly List<(long Offset, byte[]? Data)> _pending = [];
        private byte[] _durable = [];

        public FileContent()
        {
        }

        public FileContent(byte[] content)
        {
            _durable = [.. content];
            Current = [.. content];
        }

        public byte[] Current { get; private set; } = [];

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            _pending.Add((offset, data.ToArray()));
            Current = Apply(Current, offset, data);
        }

        /// <summary>Only so much arrived, but that much for sure.</summary>
        public void WriteTorn(long offset, ReadOnlySpan<byte> data)
        {
            Current = Apply(Current, offset, data);
            Flush();
        }

        public void SetLength(long length)
        {
            _pending.Add((length, null));
            byte[] content = Current;
            Array.Resize(ref content, (int)length);
            Current = content;
        }

        public void Flush()
        {
            _durable = [.. Current];
            _pending.Clear();
        }

        public void Crash(RaftRandom random)
        {
            byte[] content = _durable;
            foreach ((long offset, byte[]? data) in _pending)
            {
                if (data is null)
                {
                    if (random.Next(2) == 0)
                    {
                        Array.Resize(ref content, (int)offset);
                    }

                    continue;
                }

                for (int at = 0; at < data.Length;)
                {
                    int piece = Math.Min(data.Length - at, SectorBytes - (int)((offset + at) % SectorBytes));
                    if (random.Next(2) == 0)
                    {
                        content = Apply(content, offset + at, data.AsSpan(at, piece));
                    }

                    at += piece;
                }
            }

            _pending.Clear();
            _durable = content;
            Current = [.. content];
        }

        public void Flip(int offset, byte mask)
        {
            _durable[offset] ^= mask;
            Current[offset] ^= mask;
        }

        private static byte[] Apply(byte[] content, long offset, ReadOnlySpan<byte> data)
        {
            byte[] result = content;
            if (offset + data.Length > result.Length)
            {
                Array.Resize(ref result, (int)(offset + data.Length));
            }
            else
            {
                result = [.. content];
            }

            data.CopyTo(result.AsSpan((int)offset));
            return result;
        }
    }

    private sealed class SimulatedFile(SimulatedFileSystem system, string path, FileContent content) : IStorageFile
    {
        public string Path => path;

        public long Length
        {
            get
            {
                lock (system._gate)
                {
                    return content.Current.Length;
                }
            }
        }

        public int Read(long offset, Span<byte> into)
        {
            lock (system._gate)
            {
                system.RequirePower("read", path);
                byte[] current = content.Current;
                int count = (int)Math.Max(0, Math.Min(into.Length, current.Length - offset));
                current.AsSpan((int)Math.Min(offset, current.Length), count).CopyTo(into);
                return count;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            byte[] copy = data.ToArray();
            system.Change(
                () =>
                {
                    long growth = Math.Max(0, offset + copy.Length - content.Current.Length);
                    if (system._names.Values.Sum(file => (long)file.Current.Length) + growth > system.Capacity)
                    {
                        throw new StorageException("write", path, "no space left on device");
                    }

                    content.Write(offset, copy);
                },
                copy.Length,
                bytes => content.WriteTorn(offset, copy.AsSpan(0, Math.Min(bytes, copy.Length))));
        }

        public void Flush()
        {
            system.OnFlush(path);
            system.Change(() =>
            {
                if (system.FailFlushOf is { } part && path.Contains(part, StringComparison.Ordinal))
                {
                    throw new StorageException("flush", path, "input/output error");
                }

                content.Flush();
            });
        }

        public void SetLength(long length) => system.Change(() => content.SetLength(length));

        public void Dispose()
        {
        }
    }

    private sealed class Release(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
