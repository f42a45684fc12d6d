namespace K8sConsul.Storage;

/// <summary>The real disk.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode700 = FileMode600 | UnixFileMode.UserExecute;

    public static PhysicalFileSystem Instance { get; } = new();

    public void CreateDirectory(string path) => Guard("mkdir", path, () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode700);
        }
    });

    public IReadOnlyList<string> List(string directory) => Guard("list", directory, () =>
    {
        string[] names = [.. Directory.EnumerateFiles(directory).Select(path => System.IO.Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    });

    public IStorageFile Create(string path) => Guard("create", path, () =>
        new PhysicalFile(path, Open(path, FileMode.Create, FileAccess.ReadWrite)));

    public IStorageFile Open(string path, bool isWritable) => Guard("open", path, () =>
        new PhysicalFile(path, Open(path, FileMode.Open, isWritable ? FileAccess.ReadWrite : FileAccess.Read)));

    public void Rename(string from, string to) => Guard("rename", from, () => File.Move(from, to, overwrite: true));

    public void Delete(string path) => Guard("delete", path, () => File.Delete(path));

    public void FlushDirectory(string path) => Guard("flush directory", path, () => NativeFlush.Directory(path));

    public IDisposable Lock(string path)
    {
        try
        {
            // The runtime takes flock(LOCK_EX | LOCK_NB) for FileShare.None; the kernel drops it when the process dies.
            return Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (problem is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StorageLockedException(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StorageException("lock", path, problem.Message, problem);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share = FileShare.Read | FileShare.Write | FileShare.Delete)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = access,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = FileMode600;
        }

        return new FileStream(path, options);
    }

    private static void Guard(string operation, string path, Action action) => Guard(operation, path, () =>
    {
        action();
        return true;
    });

    private static T Guard<T>(string operation, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception problem) when (problem is IOException and not StorageException or UnauthorizedAccessException)
        {
            throw new StorageException(operation, path, problem.Message, problem);
        }
    }

    private sealed class PhysicalFile(string path, FileStream stream) : IStorageFile
    {
        public string Path => path;

        public long Length => Guard("measure", path, () => RandomAccess.GetLength(stream.SafeFileHandle));

        public int Read(long offset, Span<byte> into)
        {
            try
            {
                int total = 0;
                while (total < into.Length)
                {
                    int read = RandomAccess.Read(stream.SafeFileHandle, into[total..], offset + total);
                    if (read == 0)
                    {
                        break;
                    }

                    total += read;
                }

                return total;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                throw new StorageException("read", path, problem.Message, problem);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            try
            {
                RandomAccess.Write(stream.SafeFileHandle, data, offset);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new StorageException("write", path, problem.Message, problem);
            }
        }

        public void Flush() => Guard("flush", path, () => NativeFlush.Data(stream.SafeFileHandle));

        public void SetLength(long length) => Guard("resize", path, () => RandomAccess.SetLength(stream.SafeFileHandle, length));

        public void Dispose() => stream.Dispose();
    }
}
