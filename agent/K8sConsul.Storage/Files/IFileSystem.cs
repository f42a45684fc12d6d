namespace K8sConsul.Storage;

/// <summary>
/// The seam to the disk: what the log and the snapshots need, no more. Synchronous, since the callers have threads of their own. Every failure is a
/// <see cref="StorageException"/> that names operation and path. Both forms (real and simulated) pass one suite of tests.
/// </summary>
public interface IFileSystem
{
    /// <summary>With its parents, for this user only (0700). There already: nothing.</summary>
    void CreateDirectory(string path);

    /// <summary>File names (without the directory), in ordinal order: the file system's own order would differ between runs.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>A new empty file for this user only (0600), replacing one of that name; the name is durable after <see cref="FlushDirectory"/>.</summary>
    IStorageFile Create(string path);

    IStorageFile Open(string path, bool isWritable);

    /// <summary>Replaces <paramref name="to"/> in one step; durable after <see cref="FlushDirectory"/>.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void FlushDirectory(string path);

    /// <summary>Held until disposed or the process ends, however it ends.</summary>
    /// <exception cref="StorageLockedException">Somebody else holds it.</exception>
    IDisposable Lock(string path);
}

/// <summary>An open file. Reads may come from any thread; writes and flushes from one at a time.</summary>
public interface IStorageFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="into"/>, or as much of it as there is before the end.</summary>
    int Read(long offset, Span<byte> into);

    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Everything written is durable when this returns. Once it has failed, nobody can know what is (fsyncgate): never retried.</summary>
    void Flush();

    /// <summary>Cuts or extends.</summary>
    void SetLength(long length);
}
