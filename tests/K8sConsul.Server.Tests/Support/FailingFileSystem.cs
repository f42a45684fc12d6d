using K8sConsul.Storage;

namespace K8sConsul.Server.Tests.Support;

/// <summary>The real file system, whose disk fails from a moment on.</summary>
internal sealed class FailingFileSystem : IFileSystem
{
    private readonly PhysicalFileSystem _files = PhysicalFileSystem.Instance;

    public volatile bool HasFailed;

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _files.List(directory);

    public IStorageFile Create(string path) => new FailingFile(this, _files.Create(path));

    public IStorageFile Open(string path, bool isWritable) => new FailingFile(this, _files.Open(path, isWritable));

    public void Rename(string from, string to) => _files.Rename(from, to);

    public void Delete(string path) => _files.Delete(path);

    public void FlushDirectory(string path) => _files.FlushDirectory(path);

    public IDisposable Lock(string path) => _files.Lock(path);

    private sealed class FailingFile(FailingFileSystem owner, IStorageFile file) : IStorageFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Write(long offset, ReadOnlySpan<byte> data) => file.Write(offset, data);

        public void Flush()
        {
            if (owner.HasFailed)
            {
                throw new StorageException("flush", Path, "no space left on device");
            }

            file.Flush();
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
