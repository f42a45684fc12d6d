using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>
/// Snapshots in files. Under a name that ends with ".snap" a file is complete and durable; everything else is work in progress.
/// </summary>
public sealed class SnapshotStore : ISnapshotStore
{
    /// <summary>Published snapshots kept (Consul: 2). The older one stays readable for a transfer that began before the newer.</summary>
    public const int RetainedCount = 2;

    private const string LocalName = "local.tmp";
    private const string IncomingDataName = "incoming.part";
    private const string IncomingMetaName = "incoming.meta";

    /// <summary>Publishing and pruning against listing.</summary>
    private readonly Lock _gate = new();
    private readonly IFileSystem _files;
    private readonly string _directory;

    /// <summary>Opens or creates the store in <paramref name="directory"/>, whose parent the caller has locked.</summary>
    public SnapshotStore(IFileSystem files, string directory)
    {
        ArgumentNullException.ThrowIfNull(files);
        _files = files;
        _directory = directory;
        files.CreateDirectory(directory);
        if (Exists(LocalName))
        {
            files.Delete(PathOf(LocalName));
        }

        // A process that was killed behind a rename left a name that only the page cache knows.
        files.FlushDirectory(directory);
    }

    /// <summary>Newest first. A file under a published name whose meta cannot be read is damage.</summary>
    /// <exception cref="StorageDamagedException">See there.</exception>
    public IReadOnlyList<SnapshotMeta> List()
    {
        lock (_gate)
        {
            List<SnapshotMeta> metas = [];
            foreach (string name in PublishedNames())
            {
                using IStorageFile file = _files.Open(PathOf(name), isWritable: false);
                metas.Add(ReadMeta(file));
            }

            return metas;
        }
    }

    /// <inheritdoc/>
    public ISnapshotWriter Create(EntryId last, RaftConfiguration configuration, LogIndex configurationIndex) =>
        new SnapshotWriter(this, _files.Create(PathOf(LocalName)), last, configuration, configurationIndex);

    /// <inheritdoc/>
    public IIncomingSnapshot Receive(SnapshotMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        if (Partial() is { } partial && partial.Meta.Equals(meta))
        {
            return new IncomingSnapshot(this, _files.Open(PathOf(IncomingDataName), isWritable: true), meta);
        }

        DropIncoming();
        using (IStorageFile file = _files.Create(PathOf(IncomingMetaName)))
        {
            file.Write(0, SnapshotFormat.EncodeFooter(meta));
        }

        return new IncomingSnapshot(this, _files.Create(PathOf(IncomingDataName)), meta);
    }

    /// <inheritdoc/>
    public (SnapshotMeta Meta, long Bytes)? Partial()
    {
        if (!Exists(IncomingDataName) || !Exists(IncomingMetaName))
        {
            return null;
        }

        using IStorageFile meta = _files.Open(PathOf(IncomingMetaName), isWritable: false);
        using IStorageFile data = _files.Open(PathOf(IncomingDataName), isWritable: false);
        bool isWhole = SnapshotFormat.TryReadFooter(meta, out SnapshotMeta? found, out long before) && before == 0;
        return isWhole && data.Length <= found!.SizeBytes ? (found, data.Length) : null;
    }

    /// <inheritdoc/>
    public ISnapshotReader Open(SnapshotMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        IStorageFile file = _files.Open(PathOf(SnapshotFormat.NameOf(meta.Last)), isWritable: false);
        try
        {
            SnapshotMeta found = ReadMeta(file);
            return found.Equals(meta)
                ? new SnapshotReader(file, found)
                : throw new StorageException("open", file.Path, "it is another snapshot of the same entry");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives a complete and flushed file its name, durably, and drops what is superfluous then.</summary>
    internal void Publish(string from, SnapshotMeta meta)
    {
        lock (_gate)
        {
            _files.Rename(from, PathOf(SnapshotFormat.NameOf(meta.Last)));
            _files.FlushDirectory(_directory);
            foreach (string name in PublishedNames().Skip(RetainedCount))
            {
                _files.Delete(PathOf(name));
            }

            _files.FlushDirectory(_directory);
        }
    }

    internal void DropIncoming()
    {
        foreach (string name in new[] { IncomingMetaName, IncomingDataName })
        {
            if (Exists(name))
            {
                _files.Delete(PathOf(name));
            }
        }
    }

    private static SnapshotMeta ReadMeta(IStorageFile file)
    {
        if (!SnapshotFormat.TryReadFooter(file, out SnapshotMeta? meta, out long dataBytes))
        {
            throw new StorageDamagedException(file.Path, Math.Max(0, file.Length - SnapshotFormat.TrailerBytes), "the snapshot's meta cannot be read");
        }

        return dataBytes == meta.SizeBytes
            ? meta
            : throw new StorageDamagedException(file.Path, dataBytes, $"the snapshot has {dataBytes} bytes, its meta says {meta.SizeBytes}");
    }

    private IEnumerable<string> PublishedNames() =>
        _files.List(_directory).Where(name => name.EndsWith(SnapshotFormat.Suffix, StringComparison.Ordinal)).Reverse();

    private bool Exists(string name) => _files.List(_directory).Contains(name, StringComparer.Ordinal);

    private string PathOf(string name) => Path.Combine(_directory, name);
}
